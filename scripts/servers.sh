# Throw-away servers for tests and measurements, on loopback, stopped by whoever sourced this file. Sets DATABASE_URL and NATS_URL.

servers_folder=$(mktemp -d /tmp/balcao-servers.XXXXXX)
server_pids=()

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

stop_servers() {
  local bin
  for pid in "${server_pids[@]:-}"; do [ -n "$pid" ] && kill "$pid" 2>/dev/null; done
  if [ -d "$servers_folder/postgres" ]; then
    bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
    as_nobody "$bin/pg_ctl" -D "$servers_folder/postgres" -m immediate -s stop || true
  fi
  rm -rf "$servers_folder"
}
trap stop_servers EXIT
