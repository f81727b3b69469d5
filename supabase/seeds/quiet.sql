-- The last seed file. Demo purchases send no e-mail: the inbox starts empty.
update messages.emails set state = 'sent', sent_at = now(), next_try_at = null where state = 'queued';
