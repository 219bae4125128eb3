// OpenCode: its plugin (plugin.mjs) speaks the protocol. Sessions lie in a database, so there is no transcript to read.
import { speakProtocol } from '../protocol/speak.ts';

export const host = speakProtocol('opencode');
