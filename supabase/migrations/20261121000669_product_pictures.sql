-- Pictures of the house's own for what the bar sells, kept as those of classes are.

create function api.set_product_picture(business_id uuid, product_id uuid, bytes text, width int, height int, alt jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := business.require_role(set_product_picture.business_id, 'manager');
  p shop.products;
  named text;
  words jsonb;
begin
  select * into p from shop.products x where x.business_id = set_product_picture.business_id and x.id = set_product_picture.product_id for no key update;
  if p.id is null then perform platform.refuse(404, 'product_not_found'); end if;
  words := booking.picture_words(p.business_id, p.picture_alt, set_product_picture.alt);
  named := booking.keep_picture(p.business_id, me, set_product_picture.bytes, set_product_picture.width, set_product_picture.height, p.picture_hash);
  update shop.products x set picture_hash = named, picture_alt = words where x.id = p.id;
  perform audit.note(p.business_id, 'product_picture_set', 'product:' || p.id, jsonb_build_object('slug', p.slug, 'picture', named));
  return jsonb_build_object('product_id', p.id, 'slug', p.slug, 'picture', 'own/' || named);
end $$;
comment on function api.set_product_picture is 'A picture of the house''s own for a product: bytes in base64 (null: the one it has, with other words), its size in pixels, what it shows by language. For managers. Refuses 404 product_not_found, 413 picture_too_big (2 MB), 422 picture_unreadable (not a PNG, JPEG or WebP by its content), picture_alt_needed.';
grant execute on function api.set_product_picture to authenticated;

create function api.drop_product_picture(business_id uuid, product_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare p shop.products;
begin
  perform business.require_role(drop_product_picture.business_id, 'manager');
  select * into p from shop.products x where x.business_id = drop_product_picture.business_id and x.id = drop_product_picture.product_id for no key update;
  if p.id is null then perform platform.refuse(404, 'product_not_found'); end if;
  if p.picture_hash is not null then
    update shop.products x set picture_hash = null, picture_alt = '{}' where x.id = p.id;
    perform audit.note(p.business_id, 'product_picture_dropped', 'product:' || p.id, jsonb_build_object('slug', p.slug, 'picture', p.picture_hash));
  end if;
  return jsonb_build_object('product_id', p.id, 'slug', p.slug);
end $$;
comment on function api.drop_product_picture is 'A product is shown by its drawing again. For managers. Refuses 404 product_not_found.';
grant execute on function api.drop_product_picture to authenticated;
