<?php
/**
 * What is kept, under one option of the site.
 *
 * @package Balcao
 */

namespace Balcao;

defined( 'ABSPATH' ) || exit;

const OPTION = 'balcao';

/** Where the chat stands: everywhere, only on the pages named, or everywhere but there. */
const WHERE = array( 'all', 'only', 'except' );

/** Lists, archives, results of a search: whatever shows no single content. */
const LISTS = 'lists';

/** The front page among the pages named, whatever it shows. */
const FRONT = 'front';

/**
 * The settings as they are in force.
 *
 * @return array{address:string,code:string,where:string,pages:array<int|string>,types:?string[],members:bool,identify:bool,secret:string}
 */
function settings() {
	$kept = get_option( OPTION );
	return array_merge(
		array(
			'address'  => '',
			'code'     => '',
			'where'    => 'all',
			'pages'    => array(),
			// Null: all kinds of content, also those of plugins to come.
			'types'    => null,
			// Also for people who are logged in.
			'members'  => true,
			'identify' => false,
			'secret'   => '',
		),
		is_array( $kept ) ? $kept : array()
	);
}

/** The secret of the connection; wp-config.php may hold it in place of the database. */
function secret() {
	return defined( 'BALCAO_SECRET' ) ? (string) \BALCAO_SECRET : settings()['secret'];
}

/**
 * The kinds of content that have pages of their own, by name.
 *
 * @return array<string,string>
 */
function types() {
	$types = array();
	foreach ( get_post_types( array( 'public' => true ), 'objects' ) as $name => $type ) {
		$types[ $name ] = $type->labels->name;
	}
	$types[ LISTS ] = __( 'Lists, archives and search results', 'balcao' );
	return $types;
}
