-- The people of Lotus & Bean: what they told, what they signed, what the front desk wrote down.

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', coalesce((select jsonb_build_object('sub', u.id, 'role', 'authenticated')::text from auth.users u where u.email = who), ''), true);
$$;
create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;

do $$
declare
  ada uuid;
  leo uuid;
  regular text;
begin
  perform pg_temp.become('manager@lotus.test');
  perform api.publish_waiver(pg_temp.lotus(), api.save_waiver(pg_temp.lotus(), jsonb_build_object(
    'en', E'Before your first class, please read this once. It is short.\n\n# Your body is yours\nYoga is movement, and movement has risks. You know your body best: rest whenever you want to, and leave out what hurts. Nobody here will ask why.\n\n# Tell us what we should know\nIf you are pregnant, injured, or in treatment, talk to your doctor first and to your teacher before class. What you tell us stays between us.\n\n# What we answer for\nWe look after the rooms, the equipment and how we teach, and we are insured for it. For what happens because a warning was not followed, or because we could not know of a condition, we do not answer. Your legal rights stay as they are.\n\n# Children\nWho is under 18 comes with the agreement of a parent or guardian, who signs here for them.',
    'es', E'Antes de tu primera clase, lee esto una vez. Es corto.\n\n# Tu cuerpo es tuyo\nEl yoga es movimiento, y el movimiento tiene riesgos. Tú conoces tu cuerpo mejor que nadie: descansa cuando quieras y deja lo que duela. Aquí nadie te preguntará por qué.\n\n# Cuéntanos lo que debamos saber\nSi estás embarazada, lesionado o en tratamiento, habla antes con tu médico y, antes de la clase, con quien la da. Lo que nos cuentes queda entre nosotros.\n\n# De qué respondemos\nCuidamos de las salas, del material y de cómo enseñamos, y tenemos un seguro para ello. No respondemos de lo que ocurra por no seguir una advertencia o por algo que no podíamos saber. Tus derechos legales quedan como están.\n\n# Menores\nQuien no ha cumplido 18 años viene con el acuerdo de su madre, padre o tutor, que firma aquí en su nombre.')));

  perform pg_temp.become('ada@example.test');
  ada := members.require_me(pg_temp.lotus());
  perform api.update_profile(pg_temp.lotus(), 'Ada Martín', '+34 600 555 010', 'en', '1991-04-17', 'she/her');
  perform api.set_emergency_contact(pg_temp.lotus(), 'Pilar Martín', '+34 600 555 011', 'mother');
  leo := api.add_dependant(pg_temp.lotus(), 'Leo Martín', '2017-09-30');
  perform api.set_health_note(pg_temp.lotus(), 'Left knee, operated in 2024: no deep lunges.', true);
  perform api.sign_waiver(pg_temp.lotus(), 1, 'Ada Martín', array[ada, leo]);
  perform api.set_consents(pg_temp.lotus(), '{email:service,email:marketing,whatsapp:service}');

  foreach regular in array array['regular1', 'regular2', 'regular3', 'regular5', 'regular6', 'regular8', 'regular9', 'regular11', 'regular13', 'regular14'] loop
    perform pg_temp.become(regular || '@example.test');
    perform api.sign_waiver(pg_temp.lotus(), 1, (select m.name from members.members m where m.id = members.require_me(pg_temp.lotus())), null, 'es');
  end loop;
  perform pg_temp.become('regular2@example.test');
  perform api.update_profile(pg_temp.lotus(), 'Carmen Gil', '+34 600 555 021', 'es', (current_date - interval '34 years')::date::text);
  perform api.set_consents(pg_temp.lotus(), '{email:service,email:marketing,sms:service}');
  perform pg_temp.become('regular5@example.test');
  perform api.set_health_note(pg_temp.lotus(), 'Hombro derecho delicado, sin apoyos fuertes.', true);

  perform pg_temp.become('frontdesk@lotus.test');
  perform api.add_member_note(pg_temp.lotus(), ada, 'Likes the mat by the window. Coffee with oat milk afterwards.', true);
  perform api.add_member_note(pg_temp.lotus(), ada, 'Asked about the retreat in May; write to her when the dates are fixed.');
  perform pg_temp.become('');
end $$;
