/** Buttons that copy a field. Without a script they stay hidden: the address is marked and copied by hand. */
import { toast } from './toast.ts';

/** `data-copy`: the field's id; `data-copied`: what is said then. */
export function copyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      const field = document.getElementById(button.dataset['copy'] ?? '') as HTMLInputElement;
      field.select();
      void navigator.clipboard.writeText(field.value).then(() => toast(button.dataset['copied'] ?? ''));
    });
  }
}
