import type { legal as source } from '../en/legal.ts';

export const legal: typeof source = {
  privacy: {
    title: 'Privacidad',
    lead: ({ name }) => `Qué sabe ${name} de ti, para qué, y cómo cambiarlo.`,
    sections: {
      who: {
        title: 'Quién responde',
        text: ({ name, address, email }) =>
          `${name}, ${address}. Escribe a ${email} sobre cualquier cosa de esta página.`,
      },
      what: {
        title: 'Qué guardamos',
        text: 'Tu nombre, tu correo y tu teléfono si nos lo diste; lo que reservaste, compraste y cancelaste; los recibos que la ley nos pide conservar. Tu contraseña se guarda solo como una huella que no se puede deshacer.',
      },
      why: {
        title: 'Para qué',
        text: 'Para guardarte la plaza, cobrar, escribirte sobre lo que reservaste y llevar las cuentas con honestidad. No se vende nada, y nada sobre ti llega a anunciantes.',
      },
      payment: {
        title: 'Pagos',
        text: 'De las tarjetas se ocupa nuestro proveedor de pagos en su propia página. Sabemos si un pago salió bien, su importe y las últimas cifras de la tarjeta; nunca su número.',
      },
      cookies: {
        title: 'Cookies',
        text: 'Solo las que el sitio necesita: una mantiene tu sesión, otra recuerda tu cesta, otra tu elección de colores y otra, durante treinta días, quién te trajo, si llegaste con el enlace de alguien. Sin rastreo, y por eso sin aviso que cerrar.',
      },
      howLong: {
        title: 'Cuánto tiempo',
        text: 'Mientras formes parte y, después, los recibos el tiempo que pida la ley fiscal. Las cestas a las que nadie vuelve se vacían solas.',
      },
      rights: {
        title: 'Tus derechos',
        text: ({ email }) =>
          `Puedes ver, corregir, llevarte o hacer borrar lo que guardamos sobre ti. Escribe a ${email}; contestamos en menos de un mes. También puedes reclamar ante la autoridad de protección de datos.`,
      },
    },
  },
  terms: {
    title: 'Condiciones de venta',
    lead: ({ name }) => `Con qué puedes contar cuando reservas o compras en ${name}.`,
    sections: {
      booking: {
        title: 'Reservar',
        text: ({ minutes }) =>
          `Cuando haces un pedido te guardamos la plaza ${minutes} minutos mientras pagas. Es tuya en cuanto llega el pago, y recibes la confirmación por correo. Si el pago llega tarde y la plaza ya no está, se te devuelve todo sin que hagas nada.`,
      },
      prices: {
        title: 'Precios',
        text: 'El precio que ves es el que pagas, impuestos incluidos. El total de la página de pago es el mismo que el de tu cesta.',
      },
      cancelling: {
        title: 'Cancelar',
        text: 'Hasta cuándo puedes cancelar sin coste, y qué se te devuelve después, lo dice cada clase antes de reservarla. Valen las condiciones del momento en que reservaste, aunque luego las cambiemos.',
      },
      us: {
        title: 'Si cancelamos nosotros',
        text: 'Se te devuelve todo, a la tarjeta con la que pagaste. Te escribimos en cuanto lo sabemos.',
      },
      rights: {
        title: 'Tus derechos como consumidor',
        text: 'Lo que la ley te da como consumidor vale además de estas condiciones, y antes que ellas donde difieran.',
      },
      health: {
        title: 'Tu salud',
        text: 'Cuéntale a quien da la clase si hay lesiones, embarazo o algo que importe, y para si algo duele. Participas según tu propio criterio.',
      },
      contact: {
        title: '¿Algo salió mal?',
        text: ({ name, address, email }) =>
          `Escribe a ${email} o pásate: ${name}, ${address}. Preferimos saberlo.`,
      },
    },
  },
};
