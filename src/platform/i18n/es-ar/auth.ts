import type { MessagesPatch } from '../index.ts';

export const auth: NonNullable<MessagesPatch['auth']> = {
  fields: {
    nameHint: 'Como querés que te llamemos cuando entrás.',
    phoneHint: 'Solo por si un taller cambia a último momento.',
  },
  signIn: {
    title: 'Ingresar',
    act: 'Ingresar',
    busy: 'Ingresando…',
    forgot: '¿Te olvidaste la contraseña?',
    byLink: 'Mandame un enlace',
    byLinkText: 'Te escribimos, tocás el enlace y ya estás adentro.',
    byLinkBusy: 'Mandando…',
    create: 'Creá una cuenta',
  },
  signUp: {
    title: 'Creá tu cuenta',
    have: '¿Ya tenés cuenta?',
    signIn: 'Ingresá',
  },
  forgot: {
    lead: 'Decinos tu correo y te mandamos un enlace. Sirve durante una hora.',
    act: 'Mandame el enlace',
    busy: 'Mandando…',
    back: 'Volver a ingresar',
  },
  reset: {
    title: 'Elegí una contraseña nueva',
    lead: 'En los demás lugares donde hayas ingresado te la vamos a pedir.',
    done: 'Tu contraseña nueva está guardada. Cerramos la sesión en los demás dispositivos.',
  },
  confirm: {
    sent: 'Te escribimos. Abrí el enlace del correo para seguir.',
    sentIfKnown: 'Si hay una cuenta con esta dirección, un correo está en camino.',
    inbox: 'Mirá tu correo',
    inboxText:
      'El enlace de nuestro correo sirve durante una hora. Si no llega nada, mirá en la carpeta de spam o pedí que lo mandemos otra vez.',
    again: 'Mandar otra vez',
    againBusy: 'Mandando…',
    otherLink: 'Mandame un enlace para ingresar',
    titles: {
      account: 'Confirmá tu correo',
      signIn: 'Ingresá con este enlace',
      recovery: 'Elegí una contraseña nueva',
      email: 'Confirmá tu correo nuevo',
    },
    text: 'Un toque y listo. Preguntamos porque los programas de correo abren enlaces por su cuenta.',
    acts: { account: 'Confirmar e ingresar', signIn: 'Ingresar' },
    done: {
      account: 'Ya ingresaste.',
      recovery: 'Ahora elegí tu contraseña nueva.',
      half: 'Gracias. El cambio se completa cuando abras también el enlace de la otra casilla.',
    },
  },
  signOut: { stay: 'Quedarme', out: 'No tenés la sesión abierta.' },
  signedOut: 'Cerraste la sesión. Hasta pronto.',
  security: {
    password: 'Cambiá tu contraseña',
    passwordText: 'Se va a cerrar la sesión en los demás dispositivos.',
    email: 'Cambiá tu correo',
    emailSent: 'Te escribimos. El correo cambia cuando abras el enlace.',
    everywhere: 'Cerrá la sesión en todos lados',
    everywhereText:
      'En este dispositivo y en los demás. Usalo si perdiste un celular o usaste una computadora ajena.',
    everywhereAct: 'Cerrar en todos lados',
  },
  roles: { owner: 'Dueña o dueño' },
  roleNotes: { owner: 'Todo, también la plata y las personas.' },
  staff: {
    lead: 'Quién trabaja acá y qué puede hacer. Las funciones se dan solo por invitación.',
    list: 'Personas que trabajan acá',
    you: 'vos',
    ended: 'La función terminó.',
    invite: 'Invitá a alguien',
    inviteText: 'Va a recibir un correo con un enlace que sirve siete días.',
    invited: 'La invitación está en camino.',
    revoked: 'La invitación se retiró.',
  },
  invitation: {
    other: ({ email }) => `Ingresaste como ${email}. La invitación se escribió a otra dirección.`,
    signIn: 'Ingresar',
    first: 'Ingresá con esa dirección, o creá una cuenta con ella. Después volvé a este enlace.',
  },
};
