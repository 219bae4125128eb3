// The exact requests that a manual run would make now. Claims, sends and writes nothing.
import { listWaiting } from '../../capture/waiting.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { claimedFiles, listClaims, listNew } from './claim.ts';
import { readPayload } from './prepared-claim.ts';
import { hasModel, prepareRequest, type Pass } from './request.ts';
import type { CompressTools, ParsedPayload } from './dependencies.ts';

export async function previewPasses(paths: MemoryPaths, tools: CompressTools): Promise<Pass[]> {
  const passes: Pass[] = [];
  for (const [session, payloads] of readWaiting(paths, tools)) {
    const options = { session, head: () => tools.snapshot(), isOver: true };
    const { pass } = await prepareRequest(paths, payloads, options, tools);
    if (pass !== undefined) passes.push(pass);
  }
  return passes;
}

/** Payloads on disk by session; an empty list for a session processed by rules only. */
function readWaiting(paths: MemoryPaths, tools: CompressTools): Map<string, ParsedPayload[]> {
  const groups = new Map<string, ParsedPayload[]>();
  if (hasModel(tools)) for (const { session } of listWaiting(paths)) groups.set(session, []);
  for (const file of [...listClaims(paths.spoolDir).flatMap(claimedFiles), ...listNew(paths.spoolDir)]) {
    try {
      const payload = readPayload(file, tools);
      groups.set(payload.session, [...(groups.get(payload.session) ?? []), payload]);
    } catch {
      // A run would set it aside.
    }
  }
  return groups;
}
