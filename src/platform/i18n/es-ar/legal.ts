import type { MessagesPatch } from '../index.ts';

export const legal: NonNullable<MessagesPatch['legal']> = {
  privacy: {
    lead: ({ name }) => `Qué sabe ${name} de vos, para qué, y cómo cambiarlo.`,
    sections: {
      who: {
        text: ({ name, address, email }) =>
          `${name}, ${address}. Escribinos a ${email} sobre cualquier cosa de esta página.`,
      },
      why: {
        text: 'Para guardarte el lugar, cobrar, escribirte sobre lo que reservaste y llevar las cuentas con honestidad. No se vende nada, y nada sobre vos llega a anunciantes.',
      },
      cookies: {
        text: 'Solo las que el sitio necesita: una mantiene tu sesión, otra recuerda tu carrito, otra tu elección de colores y otra, durante treinta días, quién te trajo, si llegaste con el enlace de alguien. Sin rastreo, y por eso sin aviso que cerrar.',
      },
      howLong: {
        text: 'Mientras seas parte y, después, los recibos el tiempo que pida la ley fiscal. Los carritos a los que nadie vuelve se vacían solos.',
      },
      rights: {
        text: ({ email }) =>
          `Podés ver, corregir, llevarte o hacer borrar lo que guardamos sobre vos. Escribinos a ${email}; contestamos en menos de un mes. También podés reclamar ante la autoridad de protección de datos.`,
      },
    },
  },
  terms: {
    lead: ({ name }) => `Con qué podés contar cuando reservás o comprás en ${name}.`,
    sections: {
      booking: {
        text: ({ minutes }) =>
          `Cuando hacés un pedido te guardamos el lugar ${minutes} minutos mientras pagás. Es tuyo en cuanto llega el pago, y recibís la confirmación por correo. Si el pago llega tarde y el lugar ya no está, se te devuelve todo sin que hagas nada.`,
      },
      prices: {
        text: 'El precio que ves es el que pagás, impuestos incluidos. El total de la página de pago es el mismo que el de tu carrito.',
      },
      cancelling: {
        text: 'Hasta cuándo podés cancelar sin costo, y qué se te devuelve después, lo dice cada taller antes de reservarlo. Valen las condiciones del momento en que reservaste, aunque después las cambiemos.',
      },
      health: {
        text: 'Contale a quien da el taller si hay alergias, lesiones o algo que importe, y pará si algo duele. Participás según tu propio criterio.',
      },
      contact: {
        text: ({ name, address, email }) =>
          `Escribinos a ${email} o date una vuelta: ${name}, ${address}. Preferimos saberlo.`,
      },
    },
  },
};
