<?php
/**
 * Plugin Name:       Balcão
 * Description:       Puts your company's own Balcão chat on this site, on the pages you choose.
 * Version:           0.1.0
 * Requires at least: 5.7
 * Requires PHP:      7.4
 * Author:            Balcão
 * License:           Apache-2.0
 * License URI:       https://www.apache.org/licenses/LICENSE-2.0
 * Text Domain:       balcao
 * Domain Path:       /languages
 *
 * @package Balcao
 */

namespace Balcao;

defined( 'ABSPATH' ) || exit;

require __DIR__ . '/includes/settings.php';
require __DIR__ . '/includes/pages.php';
require __DIR__ . '/includes/chat.php';

add_action( 'init', __NAMESPACE__ . '\load_texts' );
add_action( 'wp_enqueue_scripts', __NAMESPACE__ . '\bring_chat' );

if ( is_admin() ) {
	require __DIR__ . '/includes/check.php';
	require __DIR__ . '/includes/screen.php';
	add_action( 'admin_init', __NAMESPACE__ . '\register' );
	add_action( 'admin_menu', __NAMESPACE__ . '\add_screen' );
	add_filter( 'plugin_action_links_' . plugin_basename( __FILE__ ), __NAMESPACE__ . '\add_link' );
}

/** WordPress' own packs first; else the nearest of ours: every Portuguese and every Spanish has one. */
function load_texts() {
	if ( load_plugin_textdomain( 'balcao', false, dirname( plugin_basename( __FILE__ ) ) . '/languages' ) ) {
		return;
	}
	$nearest = array(
		'pt' => 'pt_BR',
		'es' => 'es_ES',
	);
	$language = substr( determine_locale(), 0, 2 );
	if ( isset( $nearest[ $language ] ) ) {
		load_textdomain( 'balcao', __DIR__ . "/languages/balcao-{$nearest[ $language ]}.mo" );
	}
}
