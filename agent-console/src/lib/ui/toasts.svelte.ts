export interface ToastAction {
  label: string;
  run: () => void;
}

export interface Toast {
  id: number;
  tone: 'good' | 'bad' | 'plain';
  text: string;
  action: ToastAction | undefined;
}

/** Short notices at the edge. What a person must act on stays until dismissed; the rest leaves by itself. */
class Toasts {
  shown = $state<Toast[]>([]);
  #last = 0;

  /** `action` is the way back from what was just done; such a notice stays long enough to be read and reached by keyboard. */
  say(tone: Toast['tone'], text: string, action?: ToastAction): void {
    if (action === undefined && this.shown.some((toast) => toast.text === text)) return; // the same failure five times over is one notice
    const id = ++this.#last;
    this.shown.push({ id, tone, text, action });
    setTimeout(() => this.dismiss(id), action !== undefined ? 15_000 : tone === 'bad' ? 9000 : 3500);
  }

  get canUndo(): boolean {
    return this.shown.some((toast) => toast.action !== undefined);
  }
  /** Takes back what was done last, as its notice offers. */
  undo(): void {
    const toast = this.shown.findLast((one) => one.action !== undefined);
    if (toast === undefined) return;
    this.dismiss(toast.id);
    toast.action?.run();
  }

  dismiss(id: number): void {
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
