-- What is sold for many classes, kept by the business: terms that somebody has are never edited, a new version takes their place.

create index passes_held_idx on members.passes (business_id, plan_id) where state = 'active';
create index memberships_held_idx on members.memberships (business_id, plan_id) where state <> 'ended';
create index memberships_to_come_idx on members.memberships (business_id, next_plan_id) where next_plan_id is not null;

create function api.kept_plans(business_id uuid)
returns table (plan_id uuid, slug text, kind text, name jsonb, summary jsonb, price_cents bigint, tax_rate_bp int, currency text, credits int, valid_days int, starts text, first_timers_only boolean, once_each boolean, shareable boolean,
  every text, rollover_credits int, trial_days int, intro_price_cents bigint, intro_periods int, freeze_rule text, freeze_days_per_year int, freeze_notice_days int, change_when text, published boolean, "position" int, classes jsonb, holders int, earlier_holders int)
language plpgsql stable security definer set search_path = '' rows 20 as $$
#variable_conflict use_column
begin
  perform business.require_role(kept_plans.business_id, 'manager');
  return query
  select n.id, n.slug, n.kind, n.name, n.summary, n.price_cents, n.tax_rate_bp, b.currency::text, n.credits, n.valid_days, n.starts, n.first_timers_only, n.once_each, n.shareable,
    n.every, n.rollover_credits, n.trial_days, n.intro_price_cents, n.intro_periods, n.freeze_rule, n.freeze_days_per_year, n.freeze_notice_days, n.change_when, n.published, n.position,
    (select jsonb_agg(c.class_type_id order by t.slug) from members.plan_classes c join booking.class_types t on t.id = c.class_type_id where c.plan_id = n.id),
    h.now, h.earlier
  from members.plans n join business.businesses b on b.id = n.business_id
  cross join lateral (
    select coalesce(sum(held.n) filter (where x.id = n.id), 0)::int as now, coalesce(sum(held.n) filter (where x.id <> n.id), 0)::int as earlier
    from members.plans x cross join lateral (select case x.kind when 'pack' then (select count(*) from members.passes p where p.business_id = x.business_id and p.plan_id = x.id and p.state = 'active' and p.membership_id is null)
      else (select count(*) from members.memberships m where m.business_id = x.business_id and m.plan_id = x.id and m.state <> 'ended') end as n) held
    where x.business_id = n.business_id and x.slug = n.slug) h
  where n.business_id = kept_plans.business_id and n.superseded_at is null
  order by n.kind desc, n.position, n.price_cents, n.slug;
end $$;
comment on function api.kept_plans is 'Every plan of the business as it is sold now, published or not, with how many have it, and how many an earlier version. classes: ids, null = all. For managers.';
grant execute on function api.kept_plans to authenticated;

create function members.terms_of(n members.plans) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  -- Words, whether it is sold and where it stands in the list are nobody's terms.
  return to_jsonb(n) - array['id', 'name', 'summary', 'published', 'position', 'superseded_at', 'created_at', 'slug']
    || jsonb_build_object('classes', coalesce((select jsonb_agg(c.class_type_id order by c.class_type_id) from members.plan_classes c where c.plan_id = n.id), '[]'));
end $$;

create function members.plan_is_used(n members.plans) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return exists (select from members.passes p where p.business_id = n.business_id and p.plan_id = n.id)
    or exists (select from members.memberships m where m.business_id = n.business_id and (m.plan_id = n.id or m.next_plan_id = n.id))
    or exists (select from sales.order_lines l join sales.orders o on o.id = l.order_id where l.business_id = n.business_id and l.plan_id = n.id and o.state <> 'cart');
end $$;

create function api.save_plan(business_id uuid, plan_id uuid, plan jsonb, classes uuid[] default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  o members.plans;
  n members.plans;
  before jsonb;
  result text;
begin
  perform business.require_role(save_plan.business_id, 'manager');
  if save_plan.plan_id is not null then
    select * into o from members.plans x where x.id = save_plan.plan_id and x.business_id = save_plan.business_id and x.superseded_at is null for no key update;
    if o.id is null then perform platform.refuse(404, 'plan_not_found'); end if;
    before := members.terms_of(o);
    n := jsonb_populate_record(o, save_plan.plan - array['id', 'business_id', 'slug', 'kind', 'published', 'superseded_at', 'created_at']);
    if not members.plan_is_used(o) or to_jsonb(n) - array['name', 'summary', 'position'] = to_jsonb(o) - array['name', 'summary', 'position']
        and before -> 'classes' = coalesce((select jsonb_agg(u order by u) from unnest(save_plan.classes) u), '[]') then
      update members.plans x set name = n.name, summary = n.summary, position = n.position, price_cents = n.price_cents, tax_rate_bp = n.tax_rate_bp, credits = n.credits, valid_days = n.valid_days, starts = n.starts,
        first_timers_only = n.first_timers_only, once_each = n.once_each, shareable = n.shareable, every = n.every, rollover_credits = n.rollover_credits, trial_days = n.trial_days, intro_price_cents = n.intro_price_cents,
        intro_periods = n.intro_periods, freeze_rule = n.freeze_rule, freeze_days_per_year = n.freeze_days_per_year, freeze_notice_days = n.freeze_notice_days, change_when = n.change_when where x.id = o.id;
      n.id := o.id;
      result := 'edited';
    else
      update members.plans x set superseded_at = now(), published = false where x.id = o.id;
      n.id := gen_random_uuid();
      n.created_at := now();
      n.published := o.published;
      insert into members.plans select n.*;
      -- Who has it in the cart sees the new terms before they pay.
      update sales.order_lines l set plan_id = n.id from sales.orders r where r.id = l.order_id and r.state = 'cart' and l.business_id = o.business_id and l.plan_id = o.id;
      result := 'new_version';
    end if;
  else
    n := jsonb_populate_record(null::members.plans, jsonb_build_object('starts', 'purchase', 'first_timers_only', false, 'once_each', false, 'shareable', false, 'rollover_credits', 0, 'trial_days', 0, 'intro_periods', 0, 'freeze_rule', 'shift',
      'freeze_days_per_year', 60, 'freeze_notice_days', 1, 'change_when', 'auto', 'position', 0, 'tax_rate_bp', 0, 'summary', '{}'::jsonb) || save_plan.plan
      || jsonb_build_object('id', gen_random_uuid(), 'business_id', save_plan.business_id, 'published', false, 'superseded_at', null, 'created_at', now()));
    insert into members.plans select n.*;
    result := 'made';
  end if;
  if result = 'new_version' or members.terms_of((select x from members.plans x where x.id = n.id)) -> 'classes' <> coalesce((select jsonb_agg(u order by u) from unnest(save_plan.classes) u), '[]') then
    delete from members.plan_classes c where c.plan_id = n.id;
    insert into members.plan_classes (business_id, plan_id, class_type_id) select n.business_id, n.id, u from unnest(save_plan.classes) u;
  end if;
  perform audit.note(n.business_id, 'plan_saved', 'plan:' || n.id, jsonb_build_object('result', result, 'slug', n.slug, 'before', before, 'after', members.terms_of((select x from members.plans x where x.id = n.id))));
  return jsonb_build_object('plan_id', n.id, 'slug', n.slug, 'result', result);
exception
  when check_violation or not_null_violation then perform platform.refuse(422, 'plan_terms_invalid');
  when unique_violation then perform platform.refuse(409, 'plan_slug_taken', '{"field": "slug"}');
  when foreign_key_violation then perform platform.refuse(422, 'plan_classes_unknown', '{"field": "classes"}');
end $$;
comment on function api.save_plan is 'Makes a plan (plan_id null; not yet published) or changes one. Terms that somebody has, or has ordered, are not edited: the plan becomes a new version, and who has the old one keeps it at its price. plan: columns of members.plans; classes: class types it opens, null = all. Answers {plan_id, slug, result: made | edited | new_version}. For managers. Refuses 404 plan_not_found, 409 plan_slug_taken, 422 plan_terms_invalid, plan_classes_unknown.';
grant execute on function api.save_plan to authenticated;

create function api.publish_plan(business_id uuid, plan_id uuid, published boolean) returns void
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare n members.plans;
begin
  perform business.require_role(publish_plan.business_id, 'manager');
  update members.plans x set published = publish_plan.published where x.id = publish_plan.plan_id and x.business_id = publish_plan.business_id and x.superseded_at is null returning * into n;
  if n.id is null then perform platform.refuse(404, 'plan_not_found'); end if;
  perform audit.note(n.business_id, case when n.published then 'plan_published' else 'plan_unpublished' end, 'plan:' || n.id, jsonb_build_object('slug', n.slug));
end $$;
comment on function api.publish_plan is 'Begins or stops to sell a plan; nobody who has it notices. For managers. Refuses 404 plan_not_found.';
grant execute on function api.publish_plan to authenticated;
