<?php
/**
 * Brings the chat into the page: one script from the company's own server, and what it is told.
 *
 * @package Balcao
 */

namespace Balcao;

defined( 'ABSPATH' ) || exit;

/** The script goes through WordPress, so that policies with a nonce and consent plugins find it under its name, `balcao`. */
function bring_chat() {
	if ( ! is_wanted() ) {
		return;
	}
	$settings = settings();
	$source   = $settings['address'] . '/widgets/' . $settings['code'] . '.js';
	// Its address stays as it is: the server says how long it may be kept.
	// phpcs:ignore WordPress.WP.EnqueuedResourceParameters.MissingVersion
	wp_enqueue_script( 'balcao', $source, array(), null, true );
	add_filter( 'script_loader_tag', __NAMESPACE__ . '\without_waiting', 10, 2 );
	// Before the scripts of the foot, which come at 20.
	add_action( 'wp_footer', __NAMESPACE__ . '\tell', 5 );
}

/** No page waits for the chat. */
function without_waiting( $tag, $handle ) {
	return 'balcao' === $handle && ! preg_match( '/\sasync[\s>=]/', $tag ) ? str_replace( ' src=', ' async src=', $tag ) : $tag;
}

/** What the page tells the chat; with nothing to tell there is no script inside the page at all. */
function tell() {
	$payload = array();
	$contact = contact();
	if ( $contact ) {
		$payload['contact'] = $contact;
	}
	/**
	 * Lets a theme or another plugin tell the chat more: `position`, `language`, `department`, `custom`, …
	 *
	 * @param array $payload
	 */
	$payload = (array) apply_filters( 'balcao_payload', $payload );
	if ( ! $payload ) {
		return;
	}
	$said = array(
		'id'      => settings()['code'],
		'payload' => $payload,
	);
	$json = wp_json_encode( $said, JSON_HEX_TAG | JSON_HEX_AMP | JSON_UNESCAPED_UNICODE );
	wp_print_inline_script_tag( "window.balcao = $json;", array( 'id' => 'balcao-settings' ) );
}

/**
 * Who is logged in on this site, if that is to be said; signed where there is a secret.
 *
 * @return array<string,string>|null
 */
function contact() {
	if ( ! settings()['identify'] || ! is_user_logged_in() ) {
		return null;
	}
	$user    = wp_get_current_user();
	$contact = array(
		'name'  => $user->display_name,
		'email' => $user->user_email,
	);
	$secret  = secret();
	if ( '' !== $secret ) {
		$contact['id']   = (string) $user->ID;
		$contact['hash'] = hash_hmac( 'sha256', $contact['id'], $secret );
	}
	return $contact;
}
