// Cline: its plugin (plugin.mjs) speaks the protocol. A session is one JSON file that is written anew: no transcript is read.
import { speakProtocol } from '../protocol/speak.ts';

export const host = speakProtocol('cline');
