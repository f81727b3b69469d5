import type { MessagesPatch } from '../index.ts';

export const loyalty: NonNullable<MessagesPatch['loyalty']> = {
  mine: {
    none: 'Ahora mismo acá no hay programa de fidelidad.',
    lead: ({ name }) => `${name}: lo que juntaste acá y para qué sirve.`,
    balance: 'Tenés',
    tier: ({ name, percent }) =>
      percent > 100 ? `Sos ${name}: ganás un ${percent - 100} % más.` : `Sos ${name}.`,
    toCart: 'Al carrito',
    rewardsText: 'Elegí una en tu carrito, junto a algo para lo que valga.',
  },
  cart: {
    put: 'La recompensa está en tu carrito.',
    taken: 'La recompensa ya no está en tu carrito.',
    choose: ({ unit, count }) => `Usá algo de tus ${count} ${unit === 'stamps' ? 'sellos' : 'puntos'}`,
  },
  kept: {
    rewardsText: 'Lo que ya está en un carrito o un pedido se queda como estaba.',
    lead: 'Cómo se gana, para qué sirve y lo que debés por ello.',
    none: 'Todavía no hay programa. Guardá el formulario y empieza.',
  },
};
