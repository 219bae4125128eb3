// repomem's own hook protocol, for hosts with code hooks and for agents without a host row. `repomem help protocol` documents it.
import { speakProtocol } from './speak.ts';

export const host = speakProtocol('protocol');
