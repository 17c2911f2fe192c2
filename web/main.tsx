import { render } from 'preact';
import { readSession } from './api/client.ts';
import { App } from './app.tsx';
import { listenToKeys } from './keys.ts';
import { followLinks } from './router.ts';

const root = document.getElementById('app');
if (root === null) throw new Error('the page has no place for the dashboard');
followLinks();
listenToKeys();
render(<App />, root);
void readSession();
