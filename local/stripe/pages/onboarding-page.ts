import { completeOnboarding } from '../connect/accounts.ts';
import type { World } from '../world.ts';
import { html } from './html.ts';
import { notice, page, redirect, type PageAnswer, type PageRequest } from './layout.ts';
import { voiceFor } from './words/words.ts';

/** `/connect/<link>`: what a connected account does before it can be paid. The link is good once. */
export function onboardingPage(world: World, request: PageRequest, id: string): PageAnswer {
  const voice = voiceFor(null, request.languages);
  const { onboarding } = voice.words;
  const visit = world.store.accountLinks.get(id);
  const account = world.store.accounts.get(visit?.account);
  if (!visit || !account || visit.expires_at <= world.clock.now()) {
    if (visit?.refresh_url) return redirect(visit.refresh_url);
    return notice(voice, {
      title: voice.words.portal.expiredTitle,
      text: voice.words.portal.expired,
      status: 410,
    });
  }
  if (request.method === 'POST') {
    world.store.accountLinks.change(id, { expires_at: 0 });
    if (request.form.get('result') === 'complete') completeOnboarding(world, account.id);
    return visit.return_url
      ? redirect(visit.return_url)
      : notice(voice, { title: onboarding.doneTitle, text: voice.words.close });
  }
  return page({
    voice,
    title: onboarding.title,
    leadsTo: [visit.return_url],
    body: html`<main class="notice">
      <h1>${onboarding.title}</h1>
      <p>${onboarding.ask(account.business_profile?.name ?? account.email ?? account.id)}</p>
      <form method="post" class="buttons">
        <button class="primary" name="result" value="complete">${onboarding.complete}</button>
        <button class="quiet" name="result" value="later">${onboarding.later}</button>
      </form>
    </main>`,
  });
}
