import type { MessagesPatch } from '../index.ts';

/** Voseo with other makers' tills. */
export const outside: NonNullable<MessagesPatch['outside']> = {
  noneText: 'Conectá una acá abajo. Vas a recibir una dirección para ella y un secreto con el que firmar.',
  fields: {
    nameHint: 'Como la llama el equipo: Food truck, Terraza.',
    urlHint: 'Su dirección para webhooks, con https. Dejala vacía si solo nos cuenta.',
  },
  fresh: { text: 'Ponelo en la otra caja antes de salir de esta página. Si se pierde, creá uno nuevo.' },
  secret: { rotateText: 'El anterior vale un día más, para que no se pierda nada mientras lo cambiás allá.' },
  goneText:
    'La otra parte respondió que no quiere más mensajes (410). Lo que surgió desde entonces espera acá.',
  links: {
    title: 'Qué son acá sus productos',
    here: 'Acá es',
    choose: 'Elegí',
  },
  in: {
    noneText: 'Apenas la otra caja envíe algo firmado, va a aparecer acá.',
    flags: { product_unknown: 'Un producto del que nadie dijo nada: decí en Conexión qué es.' },
  },
  out: { noneText: 'Acá aparece aquello de lo que se entera, con cada intento de entrega.' },
};
