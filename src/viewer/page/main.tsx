import { render } from 'preact';
import { App } from './app.tsx';
import { takeToken } from './store/api.ts';
import { startLive } from './store/live.ts';
import { startMemory } from './store/memory-state.ts';
import './style/base.css';
import './style/shell.css';
import './style/list.css';
import './style/record.css';
import './style/forms.css';
import './style/views.css';

takeToken();
startMemory();
startLive();
const root = document.querySelector('#app');
if (root) render(<App />, root);
