<?php
/**
 * Whether the chat stands on the page that is being shown.
 *
 * @package Balcao
 */

namespace Balcao;

defined( 'ABSPATH' ) || exit;

/** Asked once WordPress knows what it shows. */
function is_wanted() {
	$settings = settings();
	if ( '' === $settings['address'] || '' === $settings['code'] ) {
		return false;
	}
	if ( ! $settings['members'] && is_user_logged_in() ) {
		return false;
	}
	$is_wanted = is_of_wanted_type( $settings['types'] ) && is_in_place( $settings['where'], $settings['pages'] );
	/**
	 * Lets a theme or another plugin say otherwise for the page that is being shown.
	 *
	 * @param bool $is_wanted What the settings say.
	 */
	return (bool) apply_filters( 'balcao_is_wanted', $is_wanted );
}

/** @param string[]|null $types */
function is_of_wanted_type( $types ) {
	if ( null === $types ) {
		return true;
	}
	return in_array( is_singular() ? get_post_type() : LISTS, $types, true );
}

/**
 * @param string             $where
 * @param array<int|string> $pages
 */
function is_in_place( $where, $pages ) {
	if ( 'all' === $where ) {
		return true;
	}
	// Numbers of categories and people are no numbers of pages; the list of posts may be a page.
	$is_page  = is_singular() || is_home();
	$is_named = $is_page && in_array( get_queried_object_id(), $pages, true );
	$is_named = $is_named || ( is_front_page() && in_array( FRONT, $pages, true ) );
	return ( 'only' === $where ) === $is_named;
}
