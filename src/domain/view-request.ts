// What the command line asks of the viewer, and hears from it: the two surfaces do not know one another.
export interface ViewRequest {
  /** Such as `/o/7k3qz9wd`. */
  page: string;
  port?: number;
  host?: string;
  isOpening: boolean;
  isReadOnly: boolean;
  isStaying: boolean;
  isPolling: boolean;
}

interface ViewAddress {
  url: string;
  port: number;
  root: string;
  /** It was running already. */
  isRunning: boolean;
  /** The port that was asked for, where it is taken. */
  taken?: number;
}

export interface ViewSays {
  address(address: ViewAddress): void;
  note(text: string): void;
}
