// OpenClaw: its native plugin (folder plugin) uses the protocol. Sessions are in a database, so there is no transcript to read.
import { speakProtocol } from '../protocol/speak.ts';

export const host = speakProtocol('openclaw');
