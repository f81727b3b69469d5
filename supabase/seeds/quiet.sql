-- The last seed file. Demo purchases send no e-mail: the inbox starts empty.
update messages.emails set state = 'sent', sent_at = now() where state = 'queued';
select graphile_worker.complete_jobs(array(select j.id from graphile_worker.jobs j where j.task_identifier = 'send_email'));
