// close-with-grace: runs the application's closing at the signal, within ten seconds.
import closeWithGrace from 'close-with-grace';
import { createShop, port } from './shop.js';

const server = createShop();
closeWithGrace({ delay: 10_000 }, () => new Promise(resolve => server.close(resolve)));
server.listen(port, '127.0.0.1');
