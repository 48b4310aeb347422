<?php
/**
 * Nothing of the plugin stays behind.
 *
 * @package Balcao
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

if ( is_multisite() ) {
	foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $balcao_site ) {
		delete_blog_option( $balcao_site, 'balcao' );
	}
} else {
	delete_option( 'balcao' );
}
