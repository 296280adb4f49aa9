export interface Toast {
  id: number;
  tone: 'good' | 'bad' | 'plain';
  text: string;
}

/** Short notices at the edge. What a person must act on stays until dismissed; the rest leaves by itself. */
class Toasts {
  shown = $state<Toast[]>([]);
  #last = 0;

  say(tone: Toast['tone'], text: string): void {
    if (this.shown.some((toast) => toast.text === text)) return; // the same failure five times over is one notice
    const id = ++this.#last;
    this.shown.push({ id, tone, text });
    setTimeout(() => this.dismiss(id), tone === 'bad' ? 9000 : 3500);
  }

  dismiss(id: number): void {
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
