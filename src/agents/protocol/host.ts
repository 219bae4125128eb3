// repomem's own hook protocol, for hosts whose hooks are code and for agents that have no row here. `repomem help protocol` tells of it.
import { speakProtocol } from './speak.ts';

export const host = speakProtocol('protocol');
