-- The last seed file. Demo purchases have their receipts and send no e-mail: the inbox starts empty.
select api.number_orders();
update messages.emails set state = 'sent', sent_at = now(), next_try_at = null where state = 'queued';
