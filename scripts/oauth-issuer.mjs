// A small authorization server for tests, on loopback: asking for consent (RFC 6749) with PKCE (RFC 7636), refresh tokens that are good for one
// use, introspection for Dovecot (RFC 7662), and a page on which an account's owner takes consent back.
import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";

const [port] = process.argv.slice(2).map(Number);
const CLIENT = { id: "balcao", secret: "chave & nossa só" };
const SERVER = { id: "dovecot", secret: "segredo" };
const SECONDS = 3_600;

const now = () => Math.floor(Date.now() / 1_000);
const random = () => randomBytes(24).toString("base64url");
const escaped = (text) =>
  String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** What somebody has allowed: by it every token of theirs stands and falls. */
const grants = [];
const requests = new Map();
const codes = new Map();
const refreshTokens = new Map();
const accessTokens = new Map();

class Refusal extends Error {
  constructor(status, error, description) {
    super(error);
    Object.assign(this, { status, description });
  }
}

const refuse = (error, description, status = 400) => {
  throw new Refusal(status, error, description);
};

function whoAsks(request, form) {
  const [, basic] =
    /^Basic (.+)$/.exec(request.headers.authorization ?? "") ?? [];
  if (!basic)
    return { id: form.get("client_id"), secret: form.get("client_secret") };
  const [id, secret] = Buffer.from(basic, "base64").toString().split(":");
  const decoded = (text) =>
    decodeURIComponent((text ?? "").replaceAll("+", " "));
  return { id: decoded(id), secret: decoded(secret) };
}

function demand(known, request, form) {
  const asking = whoAsks(request, form);
  if (asking.id !== known.id || asking.secret !== known.secret)
    refuse("invalid_client", "unknown client", 401);
}

/** Loopback addresses may have any port (RFC 8252, 7.3). */
function isOwnRedirect(text) {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (
    ["localhost", "127.0.0.1"].includes(url.hostname) &&
    url.pathname === "/settings/mail/consent" &&
    !url.search
  );
}

function authorize({ searchParams: asked }) {
  const request = Object.fromEntries(asked);
  if (request.client_id !== CLIENT.id)
    refuse("invalid_client", "unknown client");
  if (!isOwnRedirect(request.redirect_uri))
    refuse("invalid_request", "unknown redirect_uri");
  if (request.response_type !== "code")
    refuse("unsupported_response_type", "code");
  if (request.code_challenge_method !== "S256" || !request.code_challenge)
    refuse("invalid_request", "PKCE is needed");
  if (!request.state) refuse("invalid_request", "state is needed");
  const id = random();
  requests.set(id, request);
  return `<!doctype html><html lang="en"><title>Consent</title><main><h1>Allow Balcão to use your mailbox?</h1>
<form method="post" action="/consent"><input type="hidden" name="request" value="${id}">
<p><label>Account <input name="user" value="${escaped(request.login_hint ?? "")}"></label></p>
<button name="answer" value="allow">Allow</button> <button name="answer" value="deny">Deny</button></form></main></html>`;
}

function consent(form) {
  const request =
    requests.get(form.get("request")) ??
    refuse("invalid_request", "no such request");
  requests.delete(form.get("request"));
  const back = new URL(request.redirect_uri);
  back.searchParams.set("state", request.state);
  if (form.get("answer") !== "allow") {
    back.searchParams.set("error", "access_denied");
    return back.href;
  }
  const grant = {
    user: form.get("user"),
    scope: request.scope,
    isHeld: true,
    refreshes: 0,
    reuses: 0,
  };
  grants.push(grant);
  const code = random();
  codes.set(code, { grant, request, until: now() + 60 });
  back.searchParams.set("code", code);
  return back.href;
}

function issue(grant) {
  const [access_token, refresh_token] = [random(), random()];
  accessTokens.set(access_token, { grant, exp: now() + SECONDS });
  refreshTokens.set(refresh_token, { grant, isSpent: false });
  return {
    access_token,
    refresh_token,
    token_type: "Bearer",
    expires_in: SECONDS,
    scope: grant.scope,
  };
}

function byCode(form) {
  const code = codes.get(form.get("code"));
  codes.delete(form.get("code"));
  if (!code || code.until < now()) refuse("invalid_grant", "unknown code");
  if (form.get("redirect_uri") !== code.request.redirect_uri)
    refuse("invalid_grant", "another redirect_uri");
  const challenge = createHash("sha256")
    .update(form.get("code_verifier") ?? "")
    .digest("base64url");
  if (challenge !== code.request.code_challenge)
    refuse("invalid_grant", "wrong code_verifier");
  return issue(code.grant);
}

/** A refresh token that is shown twice ends everything it came from (RFC 9700, 4.14.2). */
function byRefreshToken(form) {
  const known = refreshTokens.get(form.get("refresh_token"));
  if (known?.isSpent) {
    known.grant.reuses += 1;
    known.grant.isHeld = false;
  }
  if (!known?.grant.isHeld)
    refuse("invalid_grant", "Token has been expired or revoked.");
  known.isSpent = true;
  known.grant.refreshes += 1;
  return issue(known.grant);
}

function token(request, form) {
  demand(CLIENT, request, form);
  const kinds = { authorization_code: byCode, refresh_token: byRefreshToken };
  const kind =
    kinds[form.get("grant_type")] ??
    refuse("unsupported_grant_type", "authorization_code, refresh_token");
  return kind(form);
}

function introspect(request, form) {
  demand(SERVER, request, form);
  const known = accessTokens.get(form.get("token"));
  if (!known?.grant.isHeld || known.exp <= now()) return { active: false };
  const { user, scope } = known.grant;
  return {
    active: true,
    username: user,
    scope,
    exp: known.exp,
    client_id: CLIENT.id,
    token_type: "Bearer",
  };
}

/** What the owner of an account sees and does. */
function account(form) {
  const own = grants.filter((grant) => grant.user === form.get("user"));
  if (form.get("do") === "withdraw")
    for (const grant of own) grant.isHeld = false;
  if (form.get("do") === "end_access")
    for (const known of accessTokens.values())
      if (own.includes(known.grant)) known.exp = 0;
  return own.map(({ isHeld, refreshes, reuses }) => ({
    isHeld,
    refreshes,
    reuses,
  }));
}

async function formOf(request) {
  let text = "";
  for await (const piece of request.setEncoding("utf8")) text += piece;
  return new URLSearchParams(text);
}

async function answer(request) {
  const url = new URL(request.url, `http://127.0.0.1:${port}`);
  const form = await formOf(request);
  switch (`${request.method} ${url.pathname}`) {
    case "GET /authorize":
      return [
        200,
        { "content-type": "text/html; charset=utf-8" },
        authorize(url),
      ];
    case "POST /consent":
      return [303, { location: consent(form) }, ""];
    case "POST /token":
      return [200, {}, token(request, form)];
    case "POST /introspect":
      return [200, {}, introspect(request, form)];
    case "POST /account":
      return [200, {}, account(form)];
    default:
      return [404, {}, { error: "not_found" }];
  }
}

// Connections are kept for as long as whoever asks likes: one that ends while a question is on its way would be told as a mail server's fault.
createServer({ keepAliveTimeout: 0 }, async (request, response) => {
  let [status, headers, body] = [500, {}, { error: "server_error" }];
  try {
    [status, headers, body] = await answer(request);
  } catch (error) {
    if (error instanceof Refusal) {
      [status, body] = [
        error.status,
        { error: error.message, error_description: error.description },
      ];
    } else console.error(error);
  }
  const isText = typeof body === "string";
  const kind = {
    "content-type": "application/json",
    "cache-control": "no-store",
  };
  response.writeHead(status, isText ? headers : { ...kind, ...headers });
  response.end(isText ? body : JSON.stringify(body));
}).listen(port, "127.0.0.1");
