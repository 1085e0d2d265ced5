// What a screen may know of the queues and do with them; whoever puts the program together brings the queues.

export interface FailedJob {
  id: string;
  /** What it asked for: `pass` or `deliver`. */
  task: string;
  reason: string;
  attempts: number;
  /** Instant of its last attempt on the server's own clock, ISO in UTC; null when the queue does not say. */
  failed_at: string | null;
}

export interface QueueState {
  name: string;
  backend: 'Redis' | 'PostgreSQL';
  counts: { waiting: number; active: number; delayed: number; failed: number };
  /** The newest failures first. */
  failures: FailedJob[];
}

export interface QueueDesk {
  /** The queues as they are; rejects within seconds when they are out of reach. */
  read: () => Promise<QueueState[]>;
  /** Puts a failed job back in its queue; `gone` when it is not among the failed any more. */
  retry: (queue: string, id: string) => Promise<'retried' | 'gone'>;
}
