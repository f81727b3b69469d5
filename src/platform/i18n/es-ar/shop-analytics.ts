import type { MessagesPatch } from '../index.ts';

export const shopAnalytics: NonNullable<MessagesPatch['shopAnalytics']> = {
  title: 'El mostrador en números',
  nav: 'Números',
  none: 'No se vendió nada del mostrador en este tiempo',
  noneText: 'Elegí otros días o esperá al primer café.',
  day: {
    lead: 'El mismo día dos veces: sumado desde sus pedidos y desde el libro. Tienen que coincidir al centavo.',
    agrees: 'Pedidos y libro coinciden al centavo.',
    differs: 'Pedidos y libro no coinciden. Mirá las líneas marcadas abajo.',
    kinds: { product: 'El mostrador' },
  },
};
