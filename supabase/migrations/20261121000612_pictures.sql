-- Pictures a business puts up of its own, for its classes and for what its bar sells. Kept by what they are (their hash), so that an address never shows anything else and may be kept for ever.

create function booking.picture_type(bytes bytea) returns text
language plpgsql immutable set search_path = '' as $$
begin
  return case
    when substring(bytes from 1 for 8) = '\x89504e470d0a1a0a' then 'image/png'
    when substring(bytes from 1 for 3) = '\xffd8ff' then 'image/jpeg'
    when substring(bytes from 1 for 4) = '\x52494646' and substring(bytes from 9 for 4) = '\x57454250' then 'image/webp' end;
end $$;
comment on function booking.picture_type is 'What a file is by its first bytes, whatever it is called; null for what is not shown here (SVG is not: it can hold scripts).';

create table booking.pictures (
  business_id uuid not null references business.businesses on delete cascade,
  hash text not null,
  type text not null check (type in ('image/png', 'image/jpeg', 'image/webp')),
  width int not null check (width between 1 and 10000),
  height int not null check (height between 1 and 10000),
  bytes bytea not null check (octet_length(bytes) <= 2097152),
  made_at timestamptz not null default now(),
  made_by uuid references auth.users (id) on delete set null,
  primary key (business_id, hash),
  constraint named_by_content check (hash = encode(sha256(bytes), 'hex')),
  constraint is_what_it_says check (booking.picture_type(bytes) = type)
);
comment on table booking.pictures is 'PNG, JPEG or WebP of at most 2 MB, named by the SHA-256 of its bytes. Never changed; one that nothing shows any more stays for pages that were kept.';
create index pictures_made_by_idx on booking.pictures (made_by);
alter table booking.pictures alter column bytes set storage external;
alter table booking.pictures enable row level security;
grant select on booking.pictures to authenticated;
create policy "Managers see the pictures of their business" on booking.pictures for select to authenticated using (business_id in (select business.where_i_am('manager')));

alter table booking.class_types
  add column picture_hash text,
  add column picture_alt jsonb not null default '{}',
  add foreign key (business_id, picture_hash) references booking.pictures (business_id, hash) on delete restrict,
  add constraint picture_is_told check (picture_hash is null or picture_alt <> '{}');
comment on column booking.class_types.picture_hash is 'A picture of the studio''s own, shown instead of the drawing.';
comment on column booking.class_types.picture_alt is 'What it shows, for who does not see it; by language.';
create index class_types_picture_hash_idx on booking.class_types (business_id, picture_hash);

create function booking.picture_words(business_id uuid, before jsonb, alt jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  words jsonb;
  first_language text;
begin
  select b.locales[1] into first_language from business.businesses b where b.id = picture_words.business_id;
  -- A language nobody spoke of keeps its words; empty ones are none.
  words := (select coalesce(jsonb_object_agg(w.key, left(trim(w.value), 200)), '{}') from jsonb_each_text(picture_words.before || coalesce(picture_words.alt, '{}')) w where w.key in ('en', 'es') and trim(w.value) <> '');
  if coalesce(words ->> first_language, '') = '' then perform platform.refuse(422, 'picture_alt_needed', jsonb_build_object('field', 'alt_' || first_language)); end if;
  return words;
end $$;
comment on function booking.picture_words is 'What a picture shows, by language: what was said before with what is said now. Refuses 422 picture_alt_needed (in the business''s first language).';

create function booking.keep_picture(business_id uuid, by_user uuid, bytes text, width int, height int, before text) returns text
language plpgsql volatile set search_path = '' as $$
declare
  file bytea;
  named text;
begin
  if keep_picture.bytes is null then
    if keep_picture.before is null then perform platform.refuse(422, 'picture_unreadable', '{"field": "picture"}'); end if;
    return keep_picture.before;
  end if;
  begin
    file := decode(keep_picture.bytes, 'base64');
  exception when data_exception then
    perform platform.refuse(422, 'picture_unreadable', '{"field": "picture"}');
  end;
  if octet_length(file) > 2097152 then perform platform.refuse(413, 'picture_too_big', '{"field": "picture"}'); end if;
  if booking.picture_type(file) is null or coalesce(keep_picture.width, 0) not between 1 and 10000 or coalesce(keep_picture.height, 0) not between 1 and 10000 then perform platform.refuse(422, 'picture_unreadable', '{"field": "picture"}'); end if;
  named := encode(sha256(file), 'hex');
  insert into booking.pictures (business_id, hash, type, width, height, bytes, made_by) values (keep_picture.business_id, named, booking.picture_type(file), keep_picture.width, keep_picture.height, file, keep_picture.by_user) on conflict do nothing;
  return named;
end $$;
comment on function booking.keep_picture is 'Keeps a file (base64) and answers its hash; without one the hash of before. Refuses 413 picture_too_big, 422 picture_unreadable.';

create function api.set_class_picture(business_id uuid, class_type_id uuid, bytes text, width int, height int, alt jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := business.require_role(set_class_picture.business_id, 'manager');
  t booking.class_types;
  named text;
  words jsonb;
begin
  select * into t from booking.class_types x where x.id = set_class_picture.class_type_id and x.business_id = set_class_picture.business_id for no key update;
  if t.id is null then perform platform.refuse(404, 'class_not_found'); end if;
  words := booking.picture_words(t.business_id, t.picture_alt, set_class_picture.alt);
  named := booking.keep_picture(t.business_id, me, set_class_picture.bytes, set_class_picture.width, set_class_picture.height, t.picture_hash);
  update booking.class_types x set picture_hash = named, picture_alt = words where x.id = t.id;
  perform audit.note(t.business_id, 'class_picture_set', 'class_type:' || t.id, jsonb_build_object('slug', t.slug, 'picture', named));
  return jsonb_build_object('class_type_id', t.id, 'slug', t.slug, 'picture', 'own/' || named);
end $$;
comment on function api.set_class_picture is 'A picture of the studio''s own for a class: bytes in base64 (null: the one it has, with other words), its size in pixels, what it shows by language. Refuses 404 class_not_found, 413 picture_too_big (2 MB), 422 picture_unreadable (not a PNG, JPEG or WebP by its content), picture_alt_needed.';
grant execute on function api.set_class_picture to authenticated;

create function api.drop_class_picture(business_id uuid, class_type_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare t booking.class_types;
begin
  perform business.require_role(drop_class_picture.business_id, 'manager');
  select * into t from booking.class_types x where x.id = drop_class_picture.class_type_id and x.business_id = drop_class_picture.business_id for no key update;
  if t.id is null then perform platform.refuse(404, 'class_not_found'); end if;
  if t.picture_hash is not null then
    update booking.class_types x set picture_hash = null, picture_alt = '{}' where x.id = t.id;
    perform audit.note(t.business_id, 'class_picture_dropped', 'class_type:' || t.id, jsonb_build_object('slug', t.slug, 'picture', t.picture_hash));
  end if;
  return jsonb_build_object('class_type_id', t.id, 'slug', t.slug);
end $$;
comment on function api.drop_class_picture is 'The class is shown by its drawing again. Refuses 404 class_not_found.';
grant execute on function api.drop_class_picture to authenticated;

create function api.picture(business_id uuid, hash text) returns table (type text, bytes text)
language plpgsql stable security definer set search_path = '' rows 1 as $$
#variable_conflict use_column
begin
  return query select p.type, encode(p.bytes, 'base64') from booking.pictures p where p.business_id = picture.business_id and p.hash = picture.hash;
end $$;
comment on function api.picture is 'A picture by its hash, in base64; no row when the business has none of that name.';
grant execute on function api.picture to anon, authenticated;
