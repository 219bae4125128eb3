// Cline: its plugin (plugin.mjs) uses the protocol. A session is one JSON file that is rewritten, so no transcript is read.
import { speakProtocol } from '../protocol/speak.ts';

export const host = speakProtocol('cline');
