<?php
/**
 * The screen under Settings, by WordPress' own means for forms.
 *
 * @package Balcao
 */

namespace Balcao;

defined( 'ABSPATH' ) || exit;

function register() {
	register_setting(
		OPTION,
		OPTION,
		array(
			'type'              => 'array',
			'sanitize_callback' => __NAMESPACE__ . '\check_form',
			'show_in_rest'      => false,
		)
	);
	add_settings_section( 'connection', __( 'Connection', 'balcao' ), __NAMESPACE__ . '\about_connection', OPTION );
	field( 'connection', 'address', __( 'Address of the server', 'balcao' ) );
	field( 'connection', 'code', __( 'Code of the connection', 'balcao' ) );
	add_settings_section( 'places', __( 'Where the chat appears', 'balcao' ), '__return_null', OPTION );
	field( 'places', 'where', __( 'Pages', 'balcao' ), false );
	field( 'places', 'pages', __( 'List of pages', 'balcao' ) );
	field( 'places', 'types', __( 'Kinds of content', 'balcao' ), false );
	field( 'places', 'visitors_only', __( 'People', 'balcao' ), false );
	add_settings_section( 'people', __( 'Who is logged in', 'balcao' ), __NAMESPACE__ . '\about_people', OPTION );
	field( 'people', 'identify', __( 'Identification', 'balcao' ), false );
	field( 'people', 'secret', __( 'Secret', 'balcao' ) );
}

/** @param bool $has_label Whether the title is the label of one field; else the fields have labels of their own. */
function field( $section, $name, $title, $has_label = true ) {
	$args = $has_label ? array( 'label_for' => "balcao-$name" ) : array();
	add_settings_field( $name, $title, __NAMESPACE__ . "\\draw_$name", OPTION, $section, $args );
}

function add_screen() {
	add_options_page( 'Balcão', 'Balcão', 'manage_options', OPTION, __NAMESPACE__ . '\draw' );
}

/** @param string[] $links */
function add_link( $links ) {
	$link = sprintf( '<a href="%s">%s</a>', esc_url( admin_url( 'options-general.php?page=' . OPTION ) ), esc_html__( 'Settings', 'balcao' ) );
	array_unshift( $links, $link );
	return $links;
}

function draw() {
	if ( ! current_user_can( 'manage_options' ) ) {
		return;
	}
	?>
	<div class="wrap">
		<h1><?php echo esc_html( get_admin_page_title() ); ?></h1>
		<form action="options.php" method="post">
			<?php settings_fields( OPTION ); ?>
			<input type="hidden" name="balcao[form]" value="1">
			<?php
			do_settings_sections( OPTION );
			submit_button();
			?>
		</form>
	</div>
	<?php
}

function about_connection() {
	printf( '<p>%s</p>', esc_html__( 'In Balcão, open Connections → View script. Paste the code, or the whole script, which has the address in it. Without a code there is no chat.', 'balcao' ) );
}

function about_people() {
	printf( '<p>%s</p>', esc_html__( 'People who are logged in on this site need not say who they are. With the secret, the agents see that it is confirmed, and the conversation is found again on every device.', 'balcao' ) );
}

function draw_text( $name, $value, $type = 'text', $hint = '', $placeholder = '' ) {
	printf(
		'<input type="%1$s" id="balcao-%2$s" name="balcao[%2$s]" value="%3$s" placeholder="%4$s" class="regular-text code" autocomplete="off" spellcheck="false"%5$s>',
		esc_attr( $type ),
		esc_attr( $name ),
		esc_attr( $value ),
		esc_attr( $placeholder ),
		'' === $hint ? '' : sprintf( ' aria-describedby="balcao-%s-hint"', esc_attr( $name ) )
	);
	draw_hint( $name, $hint );
}

function draw_hint( $name, $hint ) {
	if ( '' !== $hint ) {
		printf( '<p class="description" id="balcao-%s-hint">%s</p>', esc_attr( $name ), esc_html( $hint ) );
	}
}

function draw_tick( $name, $value, $is_ticked, $label ) {
	printf(
		'<label><input type="checkbox" name="%s" value="%s"%s> %s</label><br>',
		esc_attr( $name ),
		esc_attr( $value ),
		checked( $is_ticked, true, false ),
		esc_html( $label )
	);
}

function draw_address() {
	draw_text( 'address', settings()['address'], 'url', '', 'https://chat.example.com' );
}

function draw_code() {
	draw_text( 'code', settings()['code'], 'text', '', '8401be95-5a7c-43e6-8e56-520c334d3314' );
}

function draw_where() {
	$labels = array(
		'all'    => __( 'On all pages', 'balcao' ),
		'only'   => __( 'Only on the pages listed', 'balcao' ),
		'except' => __( 'On all pages but those listed', 'balcao' ),
	);
	printf( '<fieldset><legend class="screen-reader-text">%s</legend>', esc_html__( 'Pages', 'balcao' ) );
	foreach ( WHERE as $where ) {
		printf(
			'<label><input type="radio" name="balcao[where]" value="%s"%s> %s</label><br>',
			esc_attr( $where ),
			checked( settings()['where'], $where, false ),
			esc_html( $labels[ $where ] )
		);
	}
	echo '</fieldset>';
}

function draw_pages() {
	$lines = array();
	foreach ( settings()['pages'] as $page ) {
		$address = FRONT === $page ? '/' : get_permalink( $page );
		$lines[] = $address ? str_replace( home_url(), '', $address ) : $page;
	}
	printf(
		'<textarea id="balcao-pages" name="balcao[pages]" rows="4" class="large-text code" spellcheck="false" aria-describedby="balcao-pages-hint">%s</textarea>',
		esc_textarea( implode( "\n", $lines ) )
	);
	draw_hint( 'pages', __( 'One a line: the address of a page, its path (/contact) or its number. / is the front page.', 'balcao' ) );
}

function draw_types() {
	$chosen = settings()['types'];
	printf( '<fieldset><legend class="screen-reader-text">%s</legend>', esc_html__( 'Kinds of content', 'balcao' ) );
	foreach ( types() as $name => $label ) {
		draw_tick( 'balcao[types][]', $name, null === $chosen || in_array( $name, $chosen, true ), $label );
	}
	echo '</fieldset>';
}

function draw_visitors_only() {
	draw_tick( 'balcao[visitors_only]', '1', ! settings()['members'], __( 'Not for people who are logged in', 'balcao' ) );
}

function draw_identify() {
	draw_tick( 'balcao[identify]', '1', settings()['identify'], __( 'Tell the agents name and e-mail of people who are logged in', 'balcao' ) );
}

function draw_secret() {
	if ( defined( 'BALCAO_SECRET' ) ) {
		printf( '<p id="balcao-secret">%s</p>', esc_html__( 'Stands in wp-config.php as BALCAO_SECRET.', 'balcao' ) );
		return;
	}
	$is_kept = '' !== settings()['secret'];
	$hint    = __( 'In Balcão: Connections → Install step by step. It is not shown again here; it may stand in wp-config.php instead, as BALCAO_SECRET.', 'balcao' );
	draw_text( 'secret', '', 'password', $hint, $is_kept ? __( 'Kept. Write another to replace it.', 'balcao' ) : '' );
	if ( $is_kept ) {
		draw_tick( 'balcao[forget]', '1', false, __( 'Forget the secret', 'balcao' ) );
	}
}
