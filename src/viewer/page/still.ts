// Instead of signals in the file that is handed on, where nothing moves: the build puts it in their place.
export function signal<T>(value: T): { value: T } {
  return { value };
}

export function computed<T>(read: () => T): { readonly value: T } {
  return {
    get value() {
      return read();
    },
  };
}
