// The portal, where the customer is known, and the shop, where nobody is.
import { chat } from './chat.js';

const isPortal = location.pathname === '/portal';
const customer = { name: 'Marina Ribeiro', email: 'marina@example.com' };
void chat(isPortal ? 'portal' : 'shop', isPortal ? customer : {});
