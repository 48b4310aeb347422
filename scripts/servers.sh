# Throw-away servers for tests and measurements, on loopback, stopped by whoever sourced this file. Sets DATABASE_URL and NATS_URL; start_mail
# exports BALCAO_TEST_MAIL and SSL_CERT_FILE, start_wordpress BALCAO_TEST_WORDPRESS.

servers_folder=$(mktemp -d /tmp/balcao-servers.XXXXXX)
server_pids=()
server_groups=()

# PostgreSQL refuses to run as root; the scripts may be root.
as_nobody() {
  if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

start_postgres() {
  local bin port data
  bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
  port=$(free_port)
  data=$servers_folder/postgres
  mkdir -p "$data"
  if [ "$(id -u)" -eq 0 ]; then chown postgres "$data" && chmod 755 "$servers_folder"; fi
  as_nobody "$bin/initdb" -D "$data" -U balcao --auth=trust -E UTF8 --no-instructions >"$servers_folder/initdb.log"
  as_nobody "$bin/pg_ctl" -D "$data" -w -s -l "$data/log" \
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400 -c shared_buffers=128MB" start
  DATABASE_URL=postgres://balcao@127.0.0.1:$port/postgres
}

start_nats() {
  local port
  port=$(free_port)
  nats-server -a 127.0.0.1 -p "$port" >"$servers_folder/nats.log" 2>&1 &
  server_pids+=($!)
  NATS_URL=nats://127.0.0.1:$port
}

# A certificate for this machine by an authority of its own, and a list of whom to trust that has it beside the public ones.
mail_certificate() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=authority -keyout "$1/authority-key.pem" -out "$1/authority.pem" 2>/dev/null
  openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout "$1/key.pem" -out "$1/request.pem" 2>/dev/null
  echo 'subjectAltName=DNS:localhost,IP:127.0.0.1' >"$1/names"
  openssl x509 -req -days 30 -in "$1/request.pem" -CA "$1/authority.pem" -CAkey "$1/authority-key.pem" -CAcreateserial \
    -extfile "$1/names" -out "$1/cert.pem" 2>/dev/null
  cat "$1/authority.pem" /etc/ssl/certs/ca-certificates.crt >"$1/trusted.pem"
  chmod 644 "$1"/*.pem
}

# Dovecot: IMAP for whoever says the password "segredo", whatever the user, and for whoever shows a token of the authorization server at the port
# in $5; mailboxes come into being with their first mail.
start_dovecot() {
  local base=$1 user
  user=$(as_nobody id -un)
  mkdir -p "$base/run" "$base/state" "$base/mail"
  cat >"$base/oauth2.conf" <<CONF
introspection_mode = post
introspection_url = http://dovecot:segredo@127.0.0.1:$5/introspect
username_attribute = username
active_attribute = active
active_value = true
CONF
  cat >"$base/dovecot.conf" <<CONF
base_dir = $base/run
state_dir = $base/state
log_path = $base/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
default_login_user = $user
default_internal_user = $user
default_internal_group = $(as_nobody id -gn)
mail_location = maildir:~/Maildir
mail_uid = $user
mail_gid = $(as_nobody id -gn)
first_valid_uid = 1
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
ssl = yes
ssl_cert = <$base/cert.pem
ssl_key = <$base/key.pem
lda_mailbox_autocreate = yes
recipient_delimiter = +
mail_max_userip_connections = 1000
passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = $base/oauth2.conf
}
passdb {
  driver = static
  mechanisms = plain login
  args = password=segredo
}
userdb {
  driver = static
  args = uid=$user gid=$(as_nobody id -gn) home=$base/mail/%u allow_all_users=yes
}
service anvil {
  chroot =
  # All tests are one address: what some do wrong on purpose must not make the others wait.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    port = $2
  }
  inet_listener imaps {
    port = $3
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = $4
  }
}
service auth {
  unix_listener auth-sasl {
    mode = 0666
  }
}
CONF
  if [ "$(id -u)" -eq 0 ]; then chown -R "$user" "$base/run" "$base/state" "$base/mail" "$base"/*.pem "$base/oauth2.conf" && chown "$user" "$base"; fi
  as_nobody /usr/sbin/dovecot -c "$base/dovecot.conf"
}

# Postfix: takes mail for loja.test and exemplo.test, and from whoever has logged in for volta.test, which bounces later; other places are refused
# at once. It needs root.
start_postfix() {
  local base=$1 folder=$1/postfix
  mkdir -p "$folder/queue" "$folder/data"
  cp -r /etc/postfix/postfix-files /etc/postfix/dynamicmaps.cf "$folder/" 2>/dev/null || true
  [ -d /etc/postfix/postfix-files.d ] && cp -r /etc/postfix/postfix-files.d "$folder/"
  cat >"$folder/main.cf" <<CONF
compatibility_level = 3.6
queue_directory = $folder/queue
data_directory = $folder/data
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.loja.test
mydestination =
virtual_mailbox_domains = loja.test, exemplo.test
virtual_transport = lmtp:inet:127.0.0.1:$4
virtual_alias_maps =
alias_maps =
alias_database =
default_transport = error:5.1.2 there is no world outside
transport_maps = inline:{ {volta.test = bouncing:} }
smtpd_recipient_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_sasl_type = dovecot
smtpd_sasl_path = $base/run/auth-sasl
smtpd_sasl_auth_enable = yes
smtpd_tls_cert_file = $base/cert.pem
smtpd_tls_key_file = $base/key.pem
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_client_connection_count_limit = 0
maillog_file = $folder/mail.log
maillog_file_prefixes = $servers_folder
biff = no
CONF
  sed -E -e 's/^(smtp +inet .*)$/#\1/' -e 's/^([a-z]+ +(unix|inet) +[-yn] +[-yn] +)y /\1n /' /etc/postfix/master.cf |
    grep -vE '^(postlog|smtp +inet)' >"$folder/master.cf"
  cat >>"$folder/master.cf" <<CONF
127.0.0.1:$2 inet n - n - - smtpd
127.0.0.1:$3 inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
bouncing unix - n n - - pipe user=nobody argv=$folder/refuse
postlog unix-dgram n - n - 1 postlogd
CONF
  # 67: there is no such user (sysexits.h).
  printf '#!/bin/sh\ncat >/dev/null\necho nobody has this name\nexit 67\n' >"$folder/refuse"
  chmod 755 "$folder/refuse"
  chown postfix "$folder/data"
  chmod 755 "$servers_folder" "$base" "$folder"
  postfix -c "$folder" start >/dev/null 2>&1
}

start_mail() {
  local base=$servers_folder/mail imap imaps lmtp smtp smtps oauth
  mkdir -p "$base" && chmod 755 "$servers_folder"
  mail_certificate "$base"
  imap=$(free_port) imaps=$(free_port) lmtp=$(free_port) smtp=$(free_port) smtps=$(free_port) oauth=$(free_port)
  node "$(dirname "${BASH_SOURCE[0]}")/oauth-issuer.mjs" "$oauth" >"$base/oauth.log" 2>&1 &
  server_pids+=($!)
  start_dovecot "$base" "$imap" "$imaps" "$lmtp" "$oauth"
  start_postfix "$base" "$smtp" "$smtps" "$lmtp"
  export BALCAO_TEST_MAIL="imap=$imap imaps=$imaps lmtp=$lmtp smtp=$smtp smtps=$smtps mail=$base/mail oauth=$oauth"
  export SSL_CERT_FILE=$base/trusted.pem
}

# MariaDB for WordPress alone: reached by its socket, with nothing worth a password or a sync.
start_mariadb() {
  local base=$1 as=()
  if [ "$(id -u)" -eq 0 ]; then as=(--user=root); fi
  mariadb-install-db --no-defaults "${as[@]}" --datadir="$base/database" --auth-root-authentication-method=normal --skip-test-db \
    >"$base/database.log" 2>&1
  /usr/sbin/mariadbd --no-defaults "${as[@]}" --datadir="$base/database" --socket="$base/socket" --pid-file="$base/pid" --skip-networking \
    --skip-grant-tables --innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=32M >>"$base/database.log" 2>&1 &
  server_pids+=($!)
  timeout 30 bash -c "until mariadb --no-defaults --socket='$base/socket' -e 'CREATE DATABASE wordpress' 2>/dev/null; do sleep 0.1; done"
}

# The real WordPress, without a plugin. It asks nobody outside, and sends no mail.
start_wordpress() {
  local base=$servers_folder/wordpress port
  mkdir -p "$base" && cp -rL /usr/share/wordpress "$base/site"
  mkdir -p "$base/site/wp-content/mu-plugins"
  echo '<?php function wp_mail() { return true; }' >"$base/site/wp-content/mu-plugins/silent.php"
  start_mariadb "$base"
  port=$(free_port)
  cat >"$base/site/wp-config.php" <<CONF
<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:$base/socket');
define('WP_HOME', 'http://wordpress.localhost:$port');
define('WP_SITEURL', WP_HOME);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('DISABLE_WP_CRON', true);
define('FS_METHOD', 'direct');
define('WP_DEBUG', true);
define('WP_DEBUG_DISPLAY', false);
define('WP_DEBUG_LOG', '$base/debug.log');
define('DB_CHARSET', 'utf8mb4');
define('AUTH_KEY', 'test');
\$table_prefix = 'wp_';
defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');
require ABSPATH . 'wp-settings.php';
CONF
  cat >"$base/install.php" <<'PHP'
<?php
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = $_SERVER['SERVER_NAME'] = 'wordpress.localhost';
$_SERVER['REQUEST_URI'] = '/';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
require $argv[1] . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Padaria Vila Clara', 'ana', 'ana@vilaclara.com.br', true, '', 'segredo');
update_option('permalink_structure', '/%postname%/');
update_option('show_avatars', 0);
foreach (array('bruno' => 'pt_BR', 'carla' => 'es_MX') as $name => $language) {
    wp_insert_user(array('user_login' => $name, 'user_pass' => 'segredo', 'role' => 'administrator', 'locale' => $language));
}
foreach (array('contato' => 'Contato', 'sobre' => 'Sobre nós', 'politica' => 'Política de troca') as $name => $title) {
    wp_insert_post(array('post_type' => 'page', 'post_status' => 'publish', 'post_name' => $name, 'post_title' => $title,
        'post_content' => '<p>Pães de fermentação natural, todos os dias a partir das seis.</p>'));
}
PHP
  php -d display_errors=stderr "$base/install.php" "$base/site" >"$base/install.log" 2>&1
  PHP_CLI_SERVER_WORKERS=4 setsid php -S "127.0.0.1:$port" -t "$base/site" >"$base/server.log" 2>&1 &
  server_groups+=($!)
  export BALCAO_TEST_WORDPRESS="address=http://wordpress.localhost:$port faults=$base/debug.log"
}

stop_servers() {
  local bin
  [ -d "$servers_folder/mail/postfix" ] && postfix -c "$servers_folder/mail/postfix" stop >/dev/null 2>&1
  [ -f "$servers_folder/mail/dovecot.conf" ] && as_nobody doveadm -c "$servers_folder/mail/dovecot.conf" stop 2>/dev/null
  for pid in "${server_pids[@]:-}"; do [ -n "$pid" ] && kill "$pid" 2>/dev/null; done
  for group in "${server_groups[@]:-}"; do [ -n "$group" ] && kill -- "-$group" 2>/dev/null; done
  if [ -d "$servers_folder/postgres" ]; then
    bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
    as_nobody "$bin/pg_ctl" -D "$servers_folder/postgres" -m immediate -s stop || true
  fi
  rm -rf "$servers_folder"
}
trap stop_servers EXIT
