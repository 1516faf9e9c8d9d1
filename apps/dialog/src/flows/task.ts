import { type ErrorText, errorText } from '../lib/errorText.ts'

/** One thing the user asked for: at rest, under way, or failed with words for it. */
export type Task =
  | { readonly status: 'idle' }
  /** `what` is the button that started it. */
  | { readonly status: 'working'; readonly what: string }
  | { readonly status: 'failed'; readonly error: ErrorText }

export type TaskEvent =
  | { readonly type: 'started'; readonly what: string }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'finished' }

/** A second start while one is under way changes nothing: a double click is one click. */
export function taskReducer(task: Task, event: TaskEvent): Task {
  switch (event.type) {
    case 'started':
      return task.status === 'working' ? task : { status: 'working', what: event.what }
    case 'failed':
      return { status: 'failed', error: errorText(event.error) }
    case 'finished':
      return { status: 'idle' }
  }
}
