// How a site signs who is logged in on it, in the languages that sites are made of: HMAC-SHA256 of the id under the secret, in hex.

export type Signing = 'php' | 'node' | 'python' | 'csharp';

/** The secret stays on the site's server: pages only get what it has signed. */
const CODES: Record<Signing, { label: string; code: string }> = {
  php: { label: 'PHP', code: "$hash = hash_hmac('sha256', (string) $customerId, $secret);" },
  node: {
    label: 'Node.js',
    code: `const { createHmac } = require("node:crypto");
const hash = createHmac("sha256", secret).update(String(customerId)).digest("hex");`,
  },
  python: {
    label: 'Python',
    code: `import hmac
hash = hmac.new(secret.encode(), str(customer_id).encode(), "sha256").hexdigest()`,
  },
  csharp: {
    label: 'C#',
    code: `using System.Security.Cryptography;
using System.Text;
var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(customerId));
var hash = Convert.ToHexString(mac).ToLowerInvariant();`,
  },
};

export const signings = Object.entries(CODES).map(([value, { label }]) => ({ value: value as Signing, label }));

export const signingCode = (signing: Signing): string => CODES[signing].code;

/** What the page says then. */
export const IDENTIFYING = `balcao.identify({
  id: "4711",
  hash: "…",
  name: "Marina Ribeiro",
  email: "marina@example.com",
});`;
