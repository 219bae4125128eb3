// Tasks of a tracker as they are spoken of: ids and names.

const taskId = /(?<![\w/.-])(?:[A-Z]{2,10}-\d+|[a-z][a-z0-9]*-[a-z0-9]+(?:\.\d+)+|#\d+)(?![\w/-])/;

export const allTasks = new RegExp(taskId.source, 'g');

/** `ABC-12 — Name`, `Task x-1.2: "Name"`. */
export const namedTask = new RegExp(`^(?:task )?(${taskId.source})["*]*\\s*[-–—:]\\s+(\\S.{8,})$`, 'i');

/** The id of a task tracker: `ABC-12`, `app-x1.2`, `#7`. */
export function taskIn(text: string): string | undefined {
  return taskId.exec(text)?.[0];
}
