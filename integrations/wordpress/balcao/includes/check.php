<?php
/**
 * What is written in the form, checked: what cannot be kept is said, and what was there before stays.
 *
 * @package Balcao
 */

namespace Balcao;

defined( 'ABSPATH' ) || exit;

const CODE = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';

/**
 * The form's values as they may be kept.
 *
 * @param mixed $given
 */
function check_form( $given ) {
	$before = settings();
	if ( ! is_array( $given ) ) {
		return $before;
	}
	// What was kept comes through here too, when it is kept for the first time.
	$is_form = isset( $given['form'] );
	if ( ! $is_form ) {
		return array_intersect_key( $given, $before ) + $before;
	}
	$text    = static function ( $name ) use ( $given ) {
		return isset( $given[ $name ] ) && is_string( $given[ $name ] ) ? trim( $given[ $name ] ) : '';
	};
	$address = $text( 'address' );
	$code    = strtolower( $text( 'code' ) );
	// The whole script has both in it.
	if ( preg_match( '~(https?://[^/"\'\s]+)/widgets/(' . CODE . ')~', $code, $found ) ) {
		list( , $address, $code ) = $found;
	}
	$where = $text( 'where' );
	return array(
		'address'  => checked_address( $address, $before['address'] ),
		'code'     => checked_code( $code, $before['code'] ),
		'where'    => in_array( $where, WHERE, true ) ? $where : $before['where'],
		'pages'    => checked_pages( $text( 'pages' ), $where, $before['pages'] ),
		'types'    => checked_types( isset( $given['types'] ) ? (array) $given['types'] : array() ),
		'members'  => empty( $given['visitors_only'] ),
		'identify' => ! empty( $given['identify'] ),
		'secret'   => empty( $given['forget'] ) ? ( $text( 'secret' ) ?: $before['secret'] ) : '',
	);
}

/** Says beside the form what is wrong with a field. */
function refuse( $field, $text ) {
	add_settings_error( OPTION, "balcao-$field", $text );
}

function checked_address( $given, $before ) {
	if ( '' === $given ) {
		return '';
	}
	$parts  = wp_parse_url( $given );
	$scheme = strtolower( isset( $parts['scheme'] ) ? $parts['scheme'] : '' );
	$host   = strtolower( isset( $parts['host'] ) ? $parts['host'] : '' );
	if ( ! in_array( $scheme, array( 'http', 'https' ), true ) || ! preg_match( '/^(\[[0-9a-f:.]+\]|[^\s"\'<>\/\\\\@?#]+)$/', $host ) ) {
		refuse( 'address', __( 'The address of the server must begin with https:// or http://, as in https://chat.example.com. It was not changed.', 'balcao' ) );
		return $before;
	}
	return esc_url_raw( "$scheme://$host" . ( isset( $parts['port'] ) ? ":{$parts['port']}" : '' ) );
}

function checked_code( $given, $before ) {
	if ( '' === $given || preg_match( '/^' . CODE . '$/', $given ) ) {
		return $given;
	}
	refuse( 'code', __( 'This is not the code of a connection. Copy it in Balcão, under Connections → View script. It was not changed.', 'balcao' ) );
	return $before;
}

/**
 * Numbers, addresses and paths of pages of this site, one a line or with commas between them.
 *
 * @param string             $given
 * @param string             $where
 * @param array<int|string> $before
 * @return array<int|string>
 */
function checked_pages( $given, $where, $before ) {
	$pages   = array();
	$unknown = array();
	foreach ( preg_split( '/[\s,;]+/', $given, -1, PREG_SPLIT_NO_EMPTY ) as $one ) {
		$page = page_of( $one );
		if ( $page ) {
			$pages[] = $page;
		} else {
			$unknown[] = $one;
		}
	}
	if ( $unknown ) {
		/* translators: %s: what was written, as a list */
		refuse( 'pages', sprintf( __( 'No page of this site was found for: %s. The list of pages was not changed.', 'balcao' ), esc_html( implode( ', ', $unknown ) ) ) );
		return $before;
	}
	if ( ! $pages && 'only' === $where ) {
		refuse( 'pages', __( 'The chat is to appear only on the pages listed, and none is listed: it appears nowhere.', 'balcao' ) );
	}
	return array_values( array_unique( $pages ) );
}

/** @return int|string|null */
function page_of( $one ) {
	if ( ctype_digit( $one ) ) {
		return get_post( (int) $one ) ? (int) $one : null;
	}
	$home = untrailingslashit( home_url() );
	$is_path = '/' === $one[0];
	if ( untrailingslashit( $is_path ? $home . $one : $one ) === $home ) {
		return FRONT;
	}
	return url_to_postid( $is_path ? $home . $one : $one ) ?: null;
}

/**
 * @param mixed[] $given
 * @return string[]|null
 */
function checked_types( $given ) {
	$known  = array_keys( types() );
	$chosen = array_values( array_intersect( $known, $given ) );
	if ( ! $chosen ) {
		refuse( 'types', __( 'No kind of content is chosen: the chat appears nowhere.', 'balcao' ) );
	}
	return count( $chosen ) === count( $known ) ? null : $chosen;
}
