import type { MessagesPatch } from '../../index.ts';

export const progress: NonNullable<NonNullable<MessagesPatch['mail']>['progress']> = {
  milestone: { title: 'Mirá todo lo que llevás' },
};
