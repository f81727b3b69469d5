// Written by `npm run db:types` from supabase/migrations. Not edited by hand.
export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

export type Database = {
  api: {
    Tables: {
      [_ in never]: never;
    };
    Views: {
      [_ in never]: never;
    };
    Functions: {
      accept_invitation: { Args: { business_id: string; token: string }; Returns: string };
      accept_invitation_code: { Args: { business_id: string; code: string }; Returns: boolean };
      accept_substitution: { Args: { business_id: string; substitution_id: string }; Returns: Json };
      add_dependant: { Args: { birthday?: string; business_id: string; full_name: string }; Returns: string };
      add_gift_card_to_cart: {
        Args: { amount_cents: number; business_id: string; cart_token: string; details: Json };
        Returns: string;
      };
      add_member_note: {
        Args: { body: string; business_id: string; member_id: string; pinned?: boolean };
        Returns: string;
      };
      add_pay_rule: {
        Args: {
          base_cents: number;
          business_id: string;
          cap_cents?: number;
          class_type_id: string;
          counts_late_cancels?: boolean;
          counts_no_shows?: boolean;
          instructor_id: string;
          tiers?: Json;
          valid_from: string;
        };
        Returns: string;
      };
      add_plan_to_cart: {
        Args: { business_id: string; cart_token: string; plan_slug: string };
        Returns: string;
      };
      add_product_to_cart: {
        Args: {
          business_id: string;
          cart_token: string;
          modifier_ids?: string[];
          note?: string;
          product_slug: string;
          quantity?: number;
        };
        Returns: string;
      };
      add_seat_to_cart: {
        Args: { business_id: string; cart_token: string; participants?: Json; session_id: string };
        Returns: string;
      };
      add_till: { Args: { business_id: string; location_id: string; name: string }; Returns: string };
      add_top_up_to_cart: {
        Args: { amount_cents: number; business_id: string; cart_token: string };
        Returns: string;
      };
      add_usual_to_cart: { Args: { business_id: string; cart_token: string }; Returns: number };
      admin_classes: { Args: { business_id: string }; Returns: Json };
      admin_overview: { Args: { business_id: string }; Returns: Json };
      admin_rooms: { Args: { business_id: string }; Returns: Json };
      admin_schedule: { Args: { business_id: string; days?: number; from_on: string }; Returns: Json };
      admin_series: { Args: { business_id: string; series_id: string }; Returns: Json };
      admin_session: { Args: { business_id: string; session_id: string }; Returns: Json };
      advance_tickets: { Args: { acts: Json; business_id: string }; Returns: Json };
      advance_waitlist: { Args: { session_id: string }; Returns: string };
      answer_offer: {
        Args: {
          accept: boolean;
          business_id: string;
          entry_id: string;
          idempotency_key: string;
          pay_with?: string;
        };
        Returns: Json;
      };
      ask_reader_again: { Args: { business_id: string; sale_id: string }; Returns: Json };
      ask_substitute: { Args: { business_id: string; reason?: string; session_id: string }; Returns: Json };
      assign_substitute: {
        Args: { business_id: string; instructor_id: string; session_id: string };
        Returns: Json;
      };
      attach_payment: {
        Args: { intent_ref: string; payment_id: string; provider_ref: string; url: string };
        Returns: undefined;
      };
      attach_reader: {
        Args: {
          device: string;
          place_ref: string;
          provider_ref: string;
          reader_id: string;
          serial: string;
          simulated: boolean;
        };
        Returns: undefined;
      };
      audit_ledger: {
        Args: { business_id?: string };
        Returns: {
          detail: Json;
          finding: string;
        }[];
      };
      audit_trail: {
        Args: { before_id?: number; business_id: string; only_act?: string; page_size?: number };
        Returns: Json;
      };
      become_member: { Args: { business_id: string; full_name?: string; locale?: string }; Returns: string };
      begin_payment: {
        Args: { business_id: string; order_id: string };
        Returns: {
          amount_cents: number;
          attempt: number;
          currency: string;
          email: string;
          hold_expires_at: string;
          lines: Json;
          locale: string;
          payment_id: string;
          provider_ref: string;
          subscription: Json;
          url: string;
        }[];
      };
      begin_reader: { Args: { business_id: string; location_id: string; name: string }; Returns: Json };
      board: { Args: { business_id: string; location_id?: string }; Returns: Json };
      book_session: {
        Args: {
          business_id: string;
          idempotency_key: string;
          participants?: Json;
          pass_id?: string;
          pay_with?: string;
          session_id: string;
        };
        Returns: Json;
      };
      booking_calendar: {
        Args: { booking_id: string; business_id: string };
        Returns: {
          cancelled: boolean;
          changed_at: string;
          class_name: Json;
          class_slug: string;
          ends_at: string;
          id: string;
          instructor_name: string;
          room_name: string;
          sequence: number;
          session_id: string;
          starts_at: string;
        }[];
      };
      booking_settings: {
        Args: { business_id: string };
        Returns: {
          absent_after_minutes: number;
          auto_no_show: boolean;
          grace_days: number;
          late_entry_minutes: number;
          quiet_from: string;
          quiet_until: string;
          releasing: Json;
          waitlist_per_day: number;
        }[];
      };
      business_for_host: {
        Args: { at_host: string };
        Returns: {
          about: Json;
          address: Json;
          branding: Json;
          country: string;
          currency: string;
          email: string;
          hold_minutes: number;
          host: string;
          hours: Json;
          id: string;
          locales: string[];
          name: string;
          phone: string;
          slug: string;
          special_days: Json;
          tagline: Json;
          time_zone: string;
        }[];
      };
      calendar_feed: { Args: { business_id: string; token: string }; Returns: Json };
      cancel_booking: {
        Args: { booking_id: string; business_id: string; idempotency_key: string };
        Returns: Json;
      };
      cancel_for_member: {
        Args: {
          booking_id: string;
          business_id: string;
          free_of_charge: boolean;
          idempotency_key: string;
          reason: string;
        };
        Returns: Json;
      };
      cancel_order: { Args: { business_id: string; order_id: string }; Returns: Json };
      cancel_reader_sale: { Args: { business_id: string; sale_id: string }; Returns: Json };
      cancel_session: {
        Args: { business_id: string; idempotency_key: string; reason: string; session_id: string };
        Returns: Json;
      };
      cancel_ticket: { Args: { act_id: string; business_id: string; ticket_id: string }; Returns: Json };
      cancellation_preview: {
        Args: { booking_id: string; business_id: string };
        Returns: {
          class_name: Json;
          credits: number;
          credits_back: number;
          currency: string;
          free_cancel_until: string;
          guest_name: string;
          late: boolean;
          late_fee_cents: number;
          late_refund_percent: number;
          may_cancel: boolean;
          paid_cents: number;
          person_name: string;
          refund_cents: number;
          refund_if_refilled: boolean;
          session_id: string;
          starts_at: string;
          state: string;
        }[];
      };
      cart: {
        Args: { business_id: string; cart_token?: string };
        Returns: {
          class_slug: string;
          credits: number;
          currency: string;
          details: Json;
          discount_cents: number;
          discounts: Json;
          ends_at: string;
          guest_name: string;
          handover: Json;
          instructor_name: string;
          kind: string;
          label: Json;
          line_id: string;
          loyalty: Json;
          pass_id: string;
          passes: Json;
          person_name: string;
          plan: Json;
          plan_slug: string;
          price_cents: number;
          problem: string;
          product: Json;
          promotion: Json;
          quantity: number;
          room_name: string;
          seats_left: number;
          session_id: string;
          starts_at: string;
          style: string;
          tax_cents: number;
          total_cents: number;
          wallet_cents: number;
        }[];
      };
      cart_counter: { Args: { business_id: string; cart_token?: string }; Returns: string };
      cart_tenders: {
        Args: { business_id: string; cart_token?: string };
        Returns: {
          balance_cents: number;
          ending: string;
          expires_at: string;
          pays_cents: number;
          problem: string;
          provider: string;
          tender_id: string;
        }[];
      };
      change_gift_card: {
        Args: { act: string; business_id: string; card_id: string; reason: string; to_email?: string };
        Returns: Json;
      };
      change_member_note: {
        Args: { business_id: string; note_id: string; pinned?: boolean; remove?: boolean };
        Returns: string;
      };
      change_reader: {
        Args: { business_id: string; name: string; reader_id: string; till_ids: string[] };
        Returns: string;
      };
      change_sessions: {
        Args: {
          business_id: string;
          change: Json;
          effect_hash: string;
          idempotency_key: string;
          session_id: string;
        };
        Returns: Json;
      };
      check_gift_card: {
        Args: { address: string; business_id: string; code: string; pin: string };
        Returns: Json;
      };
      check_trail: { Args: { business_id: string }; Returns: Json };
      choose_payment: {
        Args: { business_id: string; cart_token?: string; line_id: string; pass_id?: string };
        Returns: undefined;
      };
      choose_spot: { Args: { booking_id: string; business_id: string; spot: string }; Returns: Json };
      claim_cart: { Args: { business_id: string; cart_token: string }; Returns: number };
      class_list: {
        Args: { business_id: string };
        Returns: {
          bring: Json;
          capacity: number;
          credits: number;
          currency: string;
          description: Json;
          duration_minutes: number;
          fee_credits: number;
          free_cancel_hours: number;
          late_fee_cents: number;
          late_refund_percent: number;
          level: string;
          name: Json;
          no_show_fee_cents: number;
          picture: string;
          picture_alt: Json;
          price_cents: number;
          refund_if_refilled: boolean;
          slug: string;
          style: string;
          style_name: Json;
          style_summary: Json;
          summary: Json;
          waitlist_mode: string;
        }[];
      };
      close_count: {
        Args: { business_id: string; count_id: string; idempotency_key: string; lines?: Json };
        Returns: Json;
      };
      close_drawer: {
        Args: { business_id: string; counted_cents: number; idempotency_key: string; till_id: string };
        Returns: Json;
      };
      close_old_tickets: { Args: Record<PropertyKey, never>; Returns: number };
      close_pay_run: { Args: { business_id: string; from_on: string; until_on: string }; Returns: Json };
      connect_pos: { Args: { business_id: string; facts: Json; location_id: string }; Returns: Json };
      correct_stock: {
        Args: {
          business_id: string;
          idempotency_key: string;
          item_id: string;
          location_id: string;
          quantity: number;
          why: string;
        };
        Returns: Json;
      };
      count_stock: {
        Args: { business_id: string; idempotency_key: string; lines: Json; location_id: string };
        Returns: Json;
      };
      count_visits: { Args: { at_most?: number }; Returns: number };
      create_series: { Args: { business_id: string; facts: Json; idempotency_key: string }; Returns: Json };
      create_session: { Args: { business_id: string; facts: Json; idempotency_key: string }; Returns: Json };
      credit_sent: { Args: { credit_id: string; provider_ref: string }; Returns: undefined };
      credit_to_send: {
        Args: { credit_id: string };
        Returns: {
          amount_cents: number;
          currency: string;
          customer_ref: string;
          locale: string;
          plan_name: Json;
          subscription_ref: string;
        }[];
      };
      day_close: { Args: { business_id: string; on_date: string }; Returns: Json };
      decide_substitution: {
        Args: { approved: boolean; business_id: string; substitution_id: string };
        Returns: Json;
      };
      decide_time_off: {
        Args: { answer?: string; ask?: boolean; business_id: string; granted: boolean; time_off_id: string };
        Returns: Json;
      };
      decline_substitution: { Args: { business_id: string; substitution_id: string }; Returns: Json };
      delete_style: { Args: { business_id: string; slug: string }; Returns: undefined };
      desk_day: {
        Args: { business_id: string; day: string };
        Returns: {
          absent: number;
          capacity: number;
          checked_in: number;
          class_name: Json;
          ends_at: string;
          instructor_name: string;
          mine: boolean;
          room_name: string;
          seats_taken: number;
          session_id: string;
          starts_at: string;
          state: string;
          style: string;
          waiting: number;
        }[];
      };
      desk_find: {
        Args: { business_id: string; session_id: string; words: string };
        Returns: {
          email: string;
          fees: Json;
          member_id: string;
          name: string;
          on_roster: boolean;
          packs_not: string[];
          passes: Json;
          waits: boolean;
          wallet_cents: number;
        }[];
      };
      desk_packs: {
        Args: { business_id: string; session_id: string };
        Returns: {
          credits: number;
          name: Json;
          pack_id: string;
          shareable: boolean;
          total_cents: number;
        }[];
      };
      drawer: { Args: { business_id: string; till_id: string }; Returns: Json };
      drop_category: { Args: { business_id: string; category_id: string }; Returns: Json };
      drop_class_picture: { Args: { business_id: string; class_type_id: string }; Returns: Json };
      drop_count: { Args: { business_id: string; count_id: string }; Returns: Json };
      drop_day_part: { Args: { business_id: string; day_part_id: string }; Returns: Json };
      drop_product_picture: { Args: { business_id: string; product_id: string }; Returns: Json };
      drop_special_day: {
        Args: { business_id: string; location_id: string; on_date: string };
        Returns: Json;
      };
      email_done: { Args: { email_id: string; error?: string; written?: Json }; Returns: undefined };
      empty_session: { Args: { at_most?: number; reason: string; session_id: string }; Returns: number };
      end_goal: { Args: { business_id: string; person_id?: string }; Returns: undefined };
      end_pay_rule: { Args: { business_id: string; last_on: string; rule_id: string }; Returns: undefined };
      end_promotion: { Args: { business_id: string; promotion_id: string }; Returns: undefined };
      end_series: {
        Args: {
          business_id: string;
          effect_hash: string;
          every_day: boolean;
          idempotency_key: string;
          last_on: string;
          reason: string;
          series_id: string;
        };
        Returns: Json;
      };
      end_staff: { Args: { business_id: string; staff_id: string }; Returns: undefined };
      expire_gift_cards: { Args: { at_most?: number }; Returns: number };
      expire_holds: { Args: { at_most?: number }; Returns: number };
      expire_passes: { Args: Record<PropertyKey, never>; Returns: number };
      expire_points: { Args: { at_most?: number }; Returns: number };
      failing_work: {
        Args: { business_id: string };
        Returns: {
          about: string;
          attempts: number;
          last_error: string;
          max_attempts: number;
          next_try_at: string;
          what: string;
        }[];
      };
      fee_ways: {
        Args: { business_id: string; order_id: string };
        Returns: {
          credits: number;
          credits_left: number;
          currency: string;
          expires_at: string;
          pass_id: string;
          pass_name: Json;
          total_cents: number;
          wallet_cents: number;
        }[];
      };
      find_customers: {
        Args: { business_id: string; words: string };
        Returns: {
          email: string;
          member_id: string;
          name: string;
          wallet_cents: number;
        }[];
      };
      first_timers: {
        Args: { business_id: string; weeks?: number };
        Returns: {
          bought_pass: number;
          came_again: number;
          complete: boolean;
          first_visits: number;
          week_on: string;
        }[];
      };
      freeze_membership: {
        Args: {
          business_id: string;
          expected_charge_at: string;
          expected_charge_cents: number;
          from_on: string;
          idempotency_key: string;
          membership_id: string;
          until_on: string;
        };
        Returns: Json;
      };
      freeze_preview: {
        Args: { business_id: string; from_on: string; membership_id: string; until_on: string };
        Returns: Json;
      };
      freeze_to_tend: {
        Args: { freeze_id: string };
        Returns: {
          charge_at: string;
          subscription_ref: string;
        }[];
      };
      gift_card_offer: {
        Args: { business_id: string };
        Returns: {
          amounts: number[];
          currency: string;
          max_cents: number;
          min_cents: number;
          valid_months: number;
        }[];
      };
      gift_card_totals: {
        Args: { business_id: string };
        Returns: {
          broken_cents: number;
          currency: string;
          open_cards: number;
          owed_cents: number;
          sold: number;
          sold_cents: number;
        }[];
      };
      gift_cards: {
        Args: {
          before_at?: string;
          before_id?: string;
          business_id: string;
          only_state?: string;
          page_size?: number;
        };
        Returns: {
          amount_cents: number;
          broken_cents: number;
          card_id: string;
          created_at: string;
          currency: string;
          ending: string;
          expires_at: string;
          from_name: string;
          held_cents: number;
          issued_at: string;
          order_id: string;
          reference: string;
          send_at: string;
          state: string;
          to_email: string;
          to_name: string;
        }[];
      };
      give_back_part: { Args: { business_id: string; part_id: string }; Returns: Json };
      give_birthday_points: { Args: Record<PropertyKey, never>; Returns: number };
      give_pass: {
        Args: {
          business_id: string;
          idempotency_key: string;
          member_id: string;
          plan_id: string;
          reason: string;
        };
        Returns: Json;
      };
      give_up_split: { Args: { business_id: string; sale_id: string }; Returns: Json };
      grant_time_off: {
        Args: {
          ask?: boolean;
          business_id: string;
          from_at: string;
          instructor_id: string;
          reason?: string;
          until_at: string;
        };
        Returns: Json;
      };
      health_note: {
        Args: { business_id: string; person_id: string };
        Returns: {
          consented_at: string;
          note: string;
        }[];
      };
      house_calendars: {
        Args: { business_id: string };
        Returns: {
          feeds: Json;
          name: string;
          owner_id: string;
          owner_kind: string;
        }[];
      };
      instructor_admin: { Args: { business_id: string; instructor_id: string }; Returns: Json };
      instructor_board: { Args: { business_id: string }; Returns: Json };
      instructor_list: {
        Args: { business_id: string };
        Returns: {
          bio: Json;
          name: string;
          picture: string;
          slug: string;
          title: Json;
        }[];
      };
      instructor_page: {
        Args: { business_id: string; instructor_slug: string };
        Returns: {
          bio: Json;
          classes: Json;
          name: string;
          picture: string;
          slug: string;
          title: Json;
        }[];
      };
      invitation_code: { Args: { business_id: string; code: string }; Returns: Json };
      invitation_for_token: {
        Args: { business_id: string; token: string };
        Returns: {
          email: string;
          expires_at: string;
          invitation_id: string;
          role: string;
          state: string;
        }[];
      };
      invitations: {
        Args: { business_id: string };
        Returns: {
          created_at: string;
          email: string;
          expires_at: string;
          invitation_id: string;
          role: string;
        }[];
      };
      invite_staff: { Args: { business_id: string; email: string; role: string }; Returns: string };
      join_waitlist: {
        Args: {
          business_id: string;
          idempotency_key: string;
          only_one_with?: string[];
          pass_id?: string;
          pay_with?: string;
          person_id?: string;
          session_id: string;
        };
        Returns: Json;
      };
      keep_counted: { Args: { business_id: string; count_id: string; lines: Json }; Returns: Json };
      kept_loyalty: { Args: { business_id: string }; Returns: Json };
      kept_plans: {
        Args: { business_id: string };
        Returns: {
          change_when: string;
          classes: Json;
          credits: number;
          currency: string;
          earlier_holders: number;
          every: string;
          first_timers_only: boolean;
          freeze_days_per_year: number;
          freeze_notice_days: number;
          freeze_rule: string;
          holders: number;
          intro_periods: number;
          intro_price_cents: number;
          kind: string;
          name: Json;
          once_each: boolean;
          plan_id: string;
          position: number;
          price_cents: number;
          published: boolean;
          rollover_credits: number;
          shareable: boolean;
          slug: string;
          starts: string;
          summary: Json;
          tax_rate_bp: number;
          trial_days: number;
          valid_days: number;
        }[];
      };
      kept_promotions: {
        Args: { business_id: string };
        Returns: {
          amount_cents: number;
          categories: Json;
          code: string;
          currency: string;
          ends_at: string;
          first_order_only: boolean;
          goods: string;
          kind: string;
          label: Json;
          max_per_member: number;
          max_uses: number;
          min_cents: number;
          percent: number;
          products: Json;
          promotion_id: string;
          published: boolean;
          starts_at: string;
          uses: number;
        }[];
      };
      kept_referrals: { Args: { business_id: string; page_size?: number }; Returns: Json };
      leave_group: { Args: { entry_id: string }; Returns: undefined };
      leave_waitlist: { Args: { business_id: string; entry_id: string }; Returns: undefined };
      ledger_accounts: {
        Args: { business_id: string };
        Returns: {
          balance: number;
          entries: number;
          kind: string;
          meaning: string;
          owner: string;
          reserved: number;
          unit: string;
        }[];
      };
      letter: {
        Args: { business_id: string; letter_id: string };
        Returns: {
          again_of: string;
          attempts: number;
          business: Json;
          created_at: string;
          data: Json;
          email_id: string;
          essential: boolean;
          goes_to: string;
          kind: string;
          last_error: string;
          locale: string;
          member_id: string;
          member_name: string;
          next_try_at: string;
          sent_again_as: string;
          sent_at: string;
          state: string;
          to_address: string;
        }[];
      };
      letters: {
        Args: {
          before_at?: string;
          before_id?: string;
          business_id: string;
          of_member?: string;
          only_kind?: string;
          only_state?: string;
          page_size?: number;
        };
        Returns: {
          attempts: number;
          created_at: string;
          data: Json;
          email_id: string;
          kind: string;
          last_error: string;
          locale: string;
          member_id: string;
          member_name: string;
          next_try_at: string;
          sent_again_as: string;
          sent_at: string;
          state: string;
          to_address: string;
        }[];
      };
      letters_wanted: {
        Args: { business_id: string; member_id: string; topic: string };
        Returns: {
          agreed: boolean;
          wanted: boolean;
        }[];
      };
      link_pos: {
        Args: {
          business_id: string;
          connection_id: string;
          modifier_ids?: string[];
          outside_id: string;
          product_id?: string;
          stock_item_id?: string;
          units?: number;
        };
        Returns: Json;
      };
      mail_till_receipt: {
        Args: {
          address: string;
          business_id: string;
          idempotency_key: string;
          locale: string;
          sale_id: string;
        };
        Returns: Json;
      };
      make_calendar: {
        Args: { business_id: string; locale?: string; owner_id?: string; owner_kind: string };
        Returns: Json;
      };
      mark_absent: { Args: { business_id: string; session_id: string }; Returns: number };
      mark_absent_by_itself: { Args: Record<PropertyKey, never>; Returns: number };
      mark_read: { Args: { business_id: string; notification_ids?: string[] }; Returns: number };
      member_list: {
        Args: {
          after_id?: string;
          after_search?: string;
          business_id: string;
          page_size?: number;
          query?: string;
        };
        Returns: {
          birthday: string;
          created_at: string;
          email: string;
          guardian_name: string;
          last_visit_at: string;
          member_id: string;
          name: string;
          phone: string;
          search: string;
          visits: number;
          waiver: string;
        }[];
      };
      member_page: { Args: { business_id: string; member_id: string }; Returns: Json };
      member_settings: { Args: { business_id: string }; Returns: boolean };
      members_at_risk: {
        Args: {
          at_least?: number;
          before_at?: string;
          before_id?: string;
          business_id: string;
          page_size?: number;
          quiet_days?: number;
        };
        Returns: {
          email: string;
          first_visit_at: string;
          last_visit_at: string;
          may_write: boolean;
          member_id: string;
          name: string;
          next_booking_at: string;
          next_class: Json;
          phone: string;
          usual_weekday: number;
          visits: number;
        }[];
      };
      membership_to_change: {
        Args: { business_id: string; membership_id: string };
        Returns: {
          cancel_at_period_end: boolean;
          state: string;
          subscription_ref: string;
        }[];
      };
      membership_to_refund: { Args: { business_id: string; line_id: string }; Returns: Json };
      memberships_to_check: {
        Args: { at_most?: number };
        Returns: {
          subscription_ref: string;
        }[];
      };
      menu: {
        Args: { business_id: string; location_id?: string; product_slug?: string };
        Returns: {
          allergens: string[];
          bundle: Json;
          category_name: Json;
          category_slug: string;
          category_summary: Json;
          counter: Json;
          day_part: Json;
          description: Json;
          diets: string[];
          few_left: number;
          groups: Json;
          kind: string;
          make_seconds: number;
          name: Json;
          picture: string;
          picture_alt: Json;
          price_cents: number;
          problem: string;
          product_id: string;
          slug: string;
          summary: Json;
          takeaway_tax_rate_bp: number;
          tax_rate_bp: number;
        }[];
      };
      menu_admin: { Args: { business_id: string }; Returns: Json };
      message_settings: {
        Args: { business_id: string };
        Returns: {
          reminder_hours: number;
        }[];
      };
      move_cash: {
        Args: {
          amount_cents: number;
          business_id: string;
          idempotency_key: string;
          kind: string;
          reason: string;
          till_id: string;
        };
        Returns: Json;
      };
      move_on_menu: { Args: { business_id: string; id: string; step: number; what: string }; Returns: Json };
      my_bookings: {
        Args: { before_at?: string; business_id: string; page_size?: number; past?: boolean };
        Returns: {
          booking_id: string;
          class_name: Json;
          class_slug: string;
          credits: number;
          ends_at: string;
          fee_cents: number;
          fee_order_id: string;
          free_cancel_until: string;
          guest_name: string;
          held_until: string;
          instructor_name: string;
          kept_cents: number;
          kept_credits: number;
          late_refund_percent: number;
          location_name: string;
          order_id: string;
          pass_id: string;
          pass_name: Json;
          person_name: string;
          returned_why: string;
          room_name: string;
          session_id: string;
          session_state: string;
          starts_at: string;
          state: string;
          style: string;
        }[];
      };
      my_calendars: {
        Args: { business_id: string };
        Returns: {
          feed_id: string;
          made_at: string;
          owner_kind: string;
          read_at: string;
        }[];
      };
      my_choices: {
        Args: { business_id: string };
        Returns: {
          agreed: boolean;
          email: boolean;
          essential: number;
          in_app: boolean;
          kinds: number;
          reminder_hours: number;
          topic: string;
        }[];
      };
      my_class: { Args: { business_id: string; session_id: string }; Returns: Json };
      my_classes: {
        Args: { business_id: string; from_at: string; until_at: string };
        Returns: {
          capacity: number;
          class_name: Json;
          class_slug: string;
          coming: number;
          ends_at: string;
          room_name: string;
          session_id: string;
          starts_at: string;
          state: string;
          style: string;
          substitution_id: string;
          substitution_state: string;
        }[];
      };
      my_consents: {
        Args: { business_id: string };
        Returns: {
          at: string;
          channel: string;
          given: boolean;
          purpose: string;
        }[];
      };
      my_desk_code: { Args: { business_id: string }; Returns: string };
      my_fees: {
        Args: { business_id: string };
        Returns: {
          booking_id: string;
          class_name: Json;
          currency: string;
          label: Json;
          order_id: string;
          person_name: string;
          placed_at: string;
          reference: string;
          starts_at: string;
          total_cents: number;
        }[];
      };
      my_hours: { Args: { business_id: string }; Returns: Json };
      my_invitation: { Args: { business_id: string }; Returns: Json };
      my_memberships: {
        Args: { business_id: string };
        Returns: {
          access_until: string;
          cancel_at_period_end: boolean;
          classes: Json;
          credits: number;
          credits_left: number;
          currency: string;
          ended_at: string;
          every: string;
          freeze: Json;
          grace_until: string;
          may_freeze: boolean;
          member_name: string;
          membership_id: string;
          name: Json;
          next_name: Json;
          pass_id: string;
          period_end: string;
          period_start: string;
          plan_slug: string;
          price_cents: number;
          started_at: string;
          state: string;
        }[];
      };
      my_notifications: {
        Args: { before_at?: string; business_id: string; page_size?: number };
        Returns: {
          created_at: string;
          data: Json;
          kind: string;
          notification_id: string;
          read_at: string;
          topic: string;
        }[];
      };
      my_orders: {
        Args: { before_at?: string; business_id: string; page_size?: number };
        Returns: {
          currency: string;
          hold_expires_at: string;
          labels: Json;
          number: string;
          order_id: string;
          placed_at: string;
          reference: string;
          refunded_cents: number;
          state: string;
          total_cents: number;
        }[];
      };
      my_passes: {
        Args: { business_id: string };
        Returns: {
          classes: Json;
          credits: number;
          credits_left: number;
          expires_at: string;
          frozen_from: string;
          frozen_until: string;
          membership_id: string;
          name: Json;
          order_id: string;
          pass_id: string;
          plan_kind: string;
          plan_slug: string;
          shareable: boolean;
          starts_at: string;
          state: string;
          valid_days: number;
        }[];
      };
      my_pay: {
        Args: { business_id: string; from_on: string; until_on: string };
        Returns: {
          amount_cents: number;
          class_name: Json;
          kind: string;
          run_id: string;
          session_id: string;
          starts_at: string;
          why: Json;
        }[];
      };
      my_people: {
        Args: { business_id: string };
        Returns: {
          birthday: string;
          is_me: boolean;
          name: string;
          person_id: string;
        }[];
      };
      my_points: { Args: { before_id?: number; business_id: string; page_size?: number }; Returns: Json };
      my_profile: {
        Args: { business_id: string };
        Returns: {
          birthday: string;
          created_at: string;
          email: string;
          emergency_name: string;
          emergency_phone: string;
          emergency_relation: string;
          health_consented_at: string;
          health_note: string;
          locale: string;
          member_id: string;
          name: string;
          phone: string;
          pronouns: string;
        }[];
      };
      my_progress: { Args: { business_id: string; person_id?: string; year?: number }; Returns: Json };
      my_signatures: {
        Args: { business_id: string };
        Returns: {
          is_me: boolean;
          name: string;
          person_id: string;
          signed_at: string;
          state: string;
          typed_name: string;
          version: number;
        }[];
      };
      my_statement: {
        Args: {
          before_id?: number;
          before_step?: number;
          business_id: string;
          of_pass?: string;
          of_wallet?: boolean;
          page_size?: number;
        };
        Returns: {
          account_kind: string;
          amount: number;
          at: string;
          balance_after: number;
          class_name: Json;
          entry_id: number;
          movement: string;
          order_id: string;
          person_name: string;
          plan_name: Json;
          reference: string;
          session_id: string;
          starts_at: string;
          step_id: number;
          unit: string;
          used_by: string;
        }[];
      };
      my_substitutions: { Args: { business_id: string }; Returns: Json };
      my_usual: {
        Args: { business_id: string };
        Returns: {
          modifiers: Json;
          name: Json;
          picture: string;
          price_cents: number;
          problem: string;
          slug: string;
          times: number;
        }[];
      };
      my_waitlist: {
        Args: { business_id: string };
        Returns: {
          class_name: Json;
          class_slug: string;
          currency: string;
          ends_at: string;
          entry_id: string;
          group_id: string;
          instructor_name: string;
          offered_until: string;
          order_id: string;
          pay_with: string;
          person_name: string;
          position: number;
          price_cents: number;
          room_name: string;
          session_id: string;
          starts_at: string;
          state: string;
          style: string;
          waiting: number;
          why: string;
        }[];
      };
      my_wallet: { Args: { before_id?: number; business_id: string; page_size?: number }; Returns: Json };
      note_sign_in: {
        Args: { address: string; business_id: string; email: string; succeeded: boolean };
        Returns: number;
      };
      nudge_goals: { Args: { at?: string }; Returns: number };
      number_orders: { Args: Record<PropertyKey, never>; Returns: number };
      open_count: { Args: { business_id: string; location_id: string }; Returns: Json };
      open_drawer: {
        Args: { business_id: string; idempotency_key: string; opening_cents: number; till_id: string };
        Returns: Json;
      };
      open_payments: {
        Args: { at_most?: number; older_than_seconds?: number };
        Returns: {
          created_at: string;
          intent_ref: string;
          order_state: string;
          payment_id: string;
          provider: string;
          provider_ref: string;
        }[];
      };
      open_sales: {
        Args: { business_id: string; till_id: string };
        Returns: {
          due_cents: number;
          name: string;
          opened_at: string;
          reference: string;
          sale_id: string;
          total_cents: number;
          way: string;
        }[];
      };
      open_split: {
        Args: {
          business_id: string;
          expected_total_cents?: number;
          facts?: Json;
          lines: Json;
          member_id?: string;
          sale_id: string;
          till_id: string;
        };
        Returns: Json;
      };
      order_page: { Args: { business_id: string; order_id: string }; Returns: Json };
      order_products: {
        Args: {
          business_id: string;
          expected_total_cents?: number;
          facts?: Json;
          idempotency_key: string;
          lines: Json;
          pay_with?: string;
        };
        Returns: Json;
      };
      order_to_refund: {
        Args: { business_id: string; order_id: string };
        Returns: {
          buyer: string;
          currency: string;
          kind: string;
          label: Json;
          left_cents: number;
          line_cents: number;
          line_id: string;
          may: boolean;
          member_id: string;
          modifiers: Json;
          number: string;
          paid_at: string;
          pass_id: string;
          pieces_left: number;
          problem: string;
          quantity: number;
          reference: string;
          returned: Json;
          state: string;
          tenders: Json;
          total_cents: number;
        }[];
      };
      pass_to_refund: {
        Args: { business_id: string; pass_id: string };
        Returns: {
          credits: number;
          credits_left: number;
          currency: string;
          member_id: string;
          most_cents: number;
          paid_cents: number;
          plan_name: Json;
          problem: string;
          provider: string;
          state: string;
        }[];
      };
      pay_fee: {
        Args: {
          business_id: string;
          idempotency_key: string;
          order_id: string;
          pass_id?: string;
          pay_with: string;
        };
        Returns: Json;
      };
      pay_report: {
        Args: { business_id: string; from_on: string; until_on: string };
        Returns: {
          amount_cents: number;
          class_name: Json;
          instructor_id: string;
          instructor_name: string;
          kind: string;
          run_id: string;
          session_id: string;
          starts_at: string;
          why: Json;
        }[];
      };
      pay_rules: {
        Args: { business_id: string };
        Returns: {
          base_cents: number;
          cap_cents: number;
          class_name: Json;
          class_type_id: string;
          counts_late_cancels: boolean;
          counts_no_shows: boolean;
          instructor_id: string;
          instructor_name: string;
          rule_id: string;
          tiers: Json;
          valid_from: string;
          valid_until: string;
        }[];
      };
      pay_runs: {
        Args: { business_id: string };
        Returns: {
          closed_at: string;
          closed_by: string;
          currency: string;
          from_on: string;
          instructors: number;
          lines: number;
          run_id: string;
          total_cents: number;
          until_on: string;
        }[];
      };
      payment_to_close: {
        Args: { payment_id: string };
        Returns: {
          payment_id: string;
          provider: string;
          provider_ref: string;
        }[];
      };
      pickup_times: {
        Args: { business_id: string; cart_token?: string; seconds?: number };
        Returns: {
          pickup_at: string;
        }[];
      };
      picture: {
        Args: { business_id: string; hash: string };
        Returns: {
          bytes: string;
          type: string;
        }[];
      };
      place_order: {
        Args: {
          business_id: string;
          cart_token?: string;
          expected_total_cents?: number;
          idempotency_key: string;
          pay_with?: string;
        };
        Returns: Json;
      };
      plan_changes: {
        Args: { business_id: string; membership_id: string };
        Returns: {
          at_once: boolean;
          credits: number;
          currency: string;
          current: boolean;
          every: string;
          name: Json;
          next: boolean;
          period_end: string;
          plan_id: string;
          price_cents: number;
          rhythm_changes: boolean;
          slug: string;
          state: string;
          subscription_ref: string;
          summary: Json;
        }[];
      };
      plan_list: {
        Args: { business_id: string };
        Returns: {
          classes: Json;
          credits: number;
          currency: string;
          every: string;
          first_timers_only: boolean;
          freeze_days_per_year: number;
          freeze_rule: string;
          intro_periods: number;
          intro_price_cents: number;
          kind: string;
          name: Json;
          once_each: boolean;
          price_cents: number;
          problem: string;
          rollover_credits: number;
          shareable: boolean;
          slug: string;
          starts: string;
          summary: Json;
          trial_days: number;
          valid_days: number;
        }[];
      };
      pos_choices: { Args: { business_id: string }; Returns: Json };
      pos_connection: { Args: { business_id: string; connection_id: string }; Returns: Json };
      pos_connections: {
        Args: { business_id: string };
        Returns: {
          amiss: number;
          connection_id: string;
          heard_at: string;
          location_id: string;
          location_name: string;
          made_at: string;
          name: string;
          state: string;
          told_at: string;
          url: string;
        }[];
      };
      pos_door: {
        Args: { connection_id: string };
        Returns: {
          business_id: string;
          secrets: string[];
          state: string;
        }[];
      };
      pos_message_done: {
        Args: { error?: string; sending_id: number; status?: number; took_ms?: number };
        Returns: string;
      };
      pos_received: {
        Args: { before_id?: number; business_id: string; connection_id: string; page_size?: number };
        Returns: {
          answer: Json;
          flags: string[];
          inbox_id: number;
          message_id: string;
          order_id: string;
          outside_id: string;
          received_at: string;
          reference: string;
          repeats: number;
          state: string;
          tender: string;
          type: string;
        }[];
      };
      pos_sent: {
        Args: { before_id?: number; business_id: string; connection_id: string; page_size?: number };
        Returns: {
          attempts: Json;
          created_at: string;
          message_id: string;
          next_try_at: string;
          payload: Json;
          sending_id: number;
          state: string;
          type: string;
        }[];
      };
      preview_series_end: {
        Args: { business_id: string; every_day?: boolean; last_on: string; series_id: string };
        Returns: Json;
      };
      preview_session_change: {
        Args: { business_id: string; change: Json; session_id: string };
        Returns: Json;
      };
      price_at_till: {
        Args: { business_id: string; facts?: Json; lines: Json; member_id?: string; till_id: string };
        Returns: Json;
      };
      promotable: {
        Args: { business_id: string };
        Returns: {
          id: string;
          name: Json;
          what: string;
        }[];
      };
      promotion_uses: {
        Args: { before_at?: string; business_id: string; page_size?: number; promotion_id: string };
        Returns: {
          currency: string;
          discount_cents: number;
          given_back_at: string;
          member_name: string;
          order_id: string;
          reference: string;
          state: string;
          stays_back: string;
          total_cents: number;
          used_at: string;
        }[];
      };
      prune_carts: { Args: Record<PropertyKey, never>; Returns: number };
      prune_platform: { Args: Record<PropertyKey, never>; Returns: undefined };
      prune_pos: { Args: Record<PropertyKey, never>; Returns: number };
      publish_class_type: {
        Args: { business_id: string; class_type_id: string; published: boolean };
        Returns: Json;
      };
      publish_plan: {
        Args: { business_id: string; plan_id: string; published: boolean };
        Returns: undefined;
      };
      publish_product: {
        Args: { business_id: string; product_id: string; published: boolean };
        Returns: Json;
      };
      publish_session: {
        Args: { business_id: string; published: boolean; session_id: string };
        Returns: Json;
      };
      publish_waiver: { Args: { business_id: string; version: number }; Returns: number };
      read_trail: { Args: { business_id: string; whole: boolean }; Returns: Json };
      read_trails: { Args: Record<PropertyKey, never>; Returns: number };
      reader_sale: { Args: { business_id: string; sale_id: string }; Returns: Json };
      reader_work: {
        Args: { attempt_id?: string; sale_id?: string };
        Returns: {
          amount_cents: number;
          at_reader: boolean;
          business_id: string;
          currency: string;
          open: boolean;
          order_id: string;
          payment_id: string;
          provider_ref: string;
          reader_ref: string;
          sent_at: string;
          simulated: boolean;
          tries: number;
        }[];
      };
      readers: {
        Args: { business_id: string };
        Returns: {
          busy: boolean;
          device: string;
          location_id: string;
          location_name: string;
          name: string;
          provider_ref: string;
          reader_id: string;
          serial: string;
          simulated: boolean;
          tills: Json;
        }[];
      };
      receipt: { Args: { business_id: string; receipt_token: string }; Returns: Json };
      receive_delivery: {
        Args: {
          business_id: string;
          idempotency_key: string;
          lines: Json;
          location_id: string;
          note?: string;
        };
        Returns: Json;
      };
      receive_payment_event: {
        Args: {
          event_id: string;
          event_type: string;
          facts: Json;
          occurred_at: string;
          payload: Json;
          provider: string;
        };
        Returns: Json;
      };
      receive_pos_message: {
        Args: { body: Json; body_hash: string; connection_id: string; message_id: string };
        Returns: Json;
      };
      record_waste: {
        Args: { business_id: string; idempotency_key: string; lines: Json; location_id: string; why: string };
        Returns: Json;
      };
      refund_membership: {
        Args: {
          amount_cents: number;
          business_id: string;
          ends: boolean;
          idempotency_key: string;
          line_id: string;
          reason: string;
        };
        Returns: Json;
      };
      refund_order: {
        Args: {
          business_id: string;
          idempotency_key: string;
          lines: Json;
          order_id: string;
          reason: string;
          till_id?: string;
        };
        Returns: Json;
      };
      refund_pass: {
        Args: {
          amount_cents: number;
          business_id: string;
          idempotency_key: string;
          pass_id: string;
          reason: string;
        };
        Returns: Json;
      };
      refund_to_make: {
        Args: { refund_id: string };
        Returns: {
          amount_cents: number;
          currency: string;
          intent_ref: string;
          payment_id: string;
          provider: string;
          provider_ref: string;
          reason: string;
          refund_id: string;
        }[];
      };
      refuse_ticket: {
        Args: { act_id: string; business_id: string; reason: string; stock?: string; ticket_id: string };
        Returns: Json;
      };
      release_due: { Args: Record<PropertyKey, never>; Returns: number };
      release_unchecked: { Args: { booking_id: string }; Returns: string };
      remove_cart_line: {
        Args: { business_id: string; cart_token?: string; line_id: string };
        Returns: undefined;
      };
      remove_dependant: { Args: { business_id: string; person_id: string }; Returns: string };
      remove_reader: { Args: { business_id: string; reader_id: string }; Returns: string };
      remove_tender: {
        Args: { business_id: string; cart_token?: string; tender_id: string };
        Returns: undefined;
      };
      reorder_list: {
        Args: { business_id: string; location_id?: string };
        Returns: {
          cost_cents: number;
          item_id: string;
          low_at: number;
          name: Json;
          on_hand: number;
          pack_size: number;
          packs: number;
          par: number;
          place: Json;
          reserved: number;
          supplier: string;
          unit: string;
        }[];
      };
      request_time_off: {
        Args: { business_id: string; from_at: string; reason?: string; until_at: string };
        Returns: Json;
      };
      resend_gift_card: { Args: { business_id: string; card_id: string }; Returns: undefined };
      resend_pos_message: { Args: { business_id: string; sending_id: number }; Returns: Json };
      retire_modifier: { Args: { business_id: string; modifier_id: string }; Returns: Json };
      retire_modifier_group: { Args: { business_id: string; group_id: string }; Returns: Json };
      retire_product: { Args: { business_id: string; product_id: string; retired: boolean }; Returns: Json };
      retry_payment_events: { Args: { at_most?: number }; Returns: number };
      retry_pos_inbox: { Args: Record<PropertyKey, never>; Returns: number };
      retry_pos_message: { Args: { business_id: string; inbox_id: number }; Returns: Json };
      return_forfeit: { Args: { booking_id: string }; Returns: undefined };
      revoke_calendar: { Args: { business_id: string; feed_id: string }; Returns: undefined };
      revoke_invitation: { Args: { business_id: string; invitation_id: string }; Returns: undefined };
      roster: { Args: { business_id: string; session_id: string }; Returns: Json };
      rotate_pos_secret: {
        Args: { business_id: string; connection_id: string; overlap_hours?: number };
        Returns: Json;
      };
      save_booking_settings: { Args: { business_id: string; facts: Json }; Returns: undefined };
      save_category: { Args: { business_id: string; category_id: string; facts: Json }; Returns: Json };
      save_class_type: {
        Args: { also_upcoming?: boolean; business_id: string; class_type_id: string; facts: Json };
        Returns: Json;
      };
      save_counter: { Args: { business_id: string; facts: Json; location_id: string }; Returns: Json };
      save_day_part: { Args: { business_id: string; day_part_id: string; facts: Json }; Returns: Json };
      save_instructor: {
        Args: {
          bio: Json;
          business_id: string;
          instructor_id: string;
          name: string;
          picture: string;
          published: boolean;
          slug: string;
          title: Json;
          user_id: string;
        };
        Returns: string;
      };
      save_location: {
        Args: { address: Json; business_id: string; location_id: string; name: string };
        Returns: string;
      };
      save_modifier: {
        Args: { business_id: string; facts: Json; group_id: string; modifier_id: string };
        Returns: Json;
      };
      save_modifier_group: { Args: { business_id: string; facts: Json; group_id: string }; Returns: Json };
      save_plan: {
        Args: { business_id: string; classes?: string[]; plan: Json; plan_id: string };
        Returns: Json;
      };
      save_pos: { Args: { business_id: string; connection_id: string; facts: Json }; Returns: Json };
      save_product: { Args: { business_id: string; facts: Json; product_id: string }; Returns: Json };
      save_programme: {
        Args: { boosts?: Json; business_id: string; programme: Json; tiers?: Json };
        Returns: string;
      };
      save_promotion: { Args: { business_id: string; facts: Json; promotion_id: string }; Returns: Json };
      save_recipe: {
        Args: { business_id: string; lines: Json; modifier_id: string; product_id: string };
        Returns: Json;
      };
      save_reward: { Args: { business_id: string; facts: Json; reward_id: string }; Returns: string };
      save_room: {
        Args: { business_id: string; facts: Json; release_spots?: boolean; room_id: string };
        Returns: Json;
      };
      save_special_day: {
        Args: { business_id: string; hours: Json; location_id: string; on_date: string; why?: Json };
        Returns: Json;
      };
      save_stock_item: { Args: { business_id: string; facts: Json; item_id: string }; Returns: Json };
      save_style: {
        Args: { business_id: string; name: Json; position: number; slug: string; summary: Json };
        Returns: string;
      };
      save_waiver: { Args: { body: Json; business_id: string }; Returns: number };
      schedule_choices: { Args: { business_id: string }; Returns: Json };
      sell_at_desk: {
        Args: {
          business_id: string;
          email?: string;
          full_name?: string;
          idempotency_key: string;
          locale?: string;
          member_id?: string;
          pack_id?: string;
          pass_id?: string;
          pay_with: string;
          session_id: string;
        };
        Returns: Json;
      };
      sell_at_till: {
        Args: {
          business_id: string;
          expected_total_cents?: number;
          facts?: Json;
          lines: Json;
          member_id?: string;
          pay_with?: string;
          sale_id: string;
          tendered_cents?: number;
          till_id: string;
        };
        Returns: Json;
      };
      send_again: { Args: { business_id: string; email_id: string }; Returns: string };
      send_part_to_reader: {
        Args: { amount_cents?: number; business_id: string; part_id: string; sale_id: string };
        Returns: Json;
      };
      send_reminders: { Args: Record<PropertyKey, never>; Returns: number };
      send_to_reader: {
        Args: {
          business_id: string;
          expected_total_cents?: number;
          facts?: Json;
          lines: Json;
          member_id?: string;
          sale_id: string;
          till_id: string;
        };
        Returns: Json;
      };
      session_effect: {
        Args: { business_id: string; session_id: string };
        Returns: {
          booking_id: string;
          credits_back: number;
          currency: string;
          guest_name: string;
          person_name: string;
          refund_cents: number;
          state: string;
        }[];
      };
      session_page: {
        Args: { business_id: string; session_id: string };
        Returns: {
          bring: Json;
          capacity: number;
          class_name: Json;
          class_slug: string;
          closes_at: string;
          credits: number;
          currency: string;
          description: Json;
          ends_at: string;
          fee_credits: number;
          free_cancel_hours: number;
          instructor_name: string;
          instructor_picture: string;
          instructor_slug: string;
          late_fee_cents: number;
          late_refund_percent: number;
          level: string;
          max_guests: number;
          my_booking_id: string;
          my_booking_state: string;
          my_entry_id: string;
          my_entry_state: string;
          my_offered_until: string;
          my_position: number;
          no_show_fee_cents: number;
          opens_at: string;
          price_cents: number;
          refund_if_refilled: boolean;
          room_name: string;
          seats_left: number;
          session_id: string;
          starts_at: string;
          state: string;
          style: string;
          summary: Json;
          version: number;
          waiting: number;
          waitlist_mode: string;
          waitlist_offer_minutes: number;
          waitlist_until: string;
          ways: Json;
        }[];
      };
      session_spots: { Args: { business_id: string; session_id: string }; Returns: Json };
      session_waitlist: {
        Args: { business_id: string; session_id: string };
        Returns: {
          entry_id: string;
          joined_at: string;
          member_id: string;
          name: string;
          offered_until: string;
          pay_with: string;
          state: string;
          steps: Json;
        }[];
      };
      set_availability: {
        Args: { business_id: string; hours: Json; instructor_id: string };
        Returns: undefined;
      };
      set_cart_promotion: { Args: { business_id: string; cart_token: string; code?: string }; Returns: Json };
      set_cart_reward: {
        Args: { business_id: string; cart_token: string; reward_id?: string };
        Returns: undefined;
      };
      set_choices: {
        Args: { business_id: string; choices: Json; reminder_hours?: number };
        Returns: undefined;
      };
      set_class_picture: {
        Args: {
          alt: Json;
          business_id: string;
          bytes: string;
          class_type_id: string;
          height: number;
          width: number;
        };
        Returns: Json;
      };
      set_consents: { Args: { business_id: string; given: string[] }; Returns: number };
      set_counter: {
        Args: { business_id: string; delay_minutes?: number; location_id: string; takes_orders?: boolean };
        Returns: Json;
      };
      set_drawer_notice: {
        Args: { business_id: string; from_cents: number; till_id: string };
        Returns: Json;
      };
      set_emergency_contact: {
        Args: { business_id: string; contact_name?: string; contact_phone?: string; relation?: string };
        Returns: string;
      };
      set_gift_card_rules: {
        Args: {
          amounts: number[];
          business_id: string;
          max_cents: number;
          min_cents: number;
          valid_months?: number;
        };
        Returns: undefined;
      };
      set_goal: {
        Args: { business_id: string; measure: string; nudge?: boolean; person_id?: string; target: number };
        Returns: string;
      };
      set_handover: { Args: { business_id: string; cart_token: string; facts: Json }; Returns: undefined };
      set_health_note: {
        Args: { business_id: string; consent?: boolean; note?: string; person_id?: string };
        Returns: boolean;
      };
      set_line_quantity: {
        Args: { business_id: string; cart_token?: string; line_id: string; quantity: number };
        Returns: undefined;
      };
      set_member_settings: { Args: { business_id: string; counts_unchecked: boolean }; Returns: boolean };
      set_message_settings: { Args: { business_id: string; reminder_hours: number }; Returns: number };
      set_pos_state: { Args: { business_id: string; connection_id: string; state: string }; Returns: Json };
      set_preferred_substitutes: {
        Args: { business_id: string; instructor_id: string; substitute_ids: string[] };
        Returns: undefined;
      };
      set_product_picture: {
        Args: {
          alt: Json;
          business_id: string;
          bytes: string;
          height: number;
          product_id: string;
          width: number;
        };
        Returns: Json;
      };
      set_qualifications: {
        Args: { business_id: string; class_type_ids: string[]; instructor_id: string };
        Returns: undefined;
      };
      set_sold_out: {
        Args: {
          business_id: string;
          location_id: string;
          modifier_id?: string;
          product_id?: string;
          sold_out: boolean;
        };
        Returns: undefined;
      };
      set_stock_levels: { Args: { business_id: string; lines: Json; location_id: string }; Returns: Json };
      set_substitution_rules: {
        Args: {
          business_id: string;
          head_start_hours: number;
          needs_approval: boolean;
          short_head_start_hours: number;
        };
        Returns: undefined;
      };
      settle_absence: { Args: { booking_id: string }; Returns: string };
      settle_referral: { Args: { referral_id: string }; Returns: boolean };
      shop_analytics: { Args: { business_id: string; from_on: string; until_on: string }; Returns: Json };
      sign_in_wait: { Args: { address: string; email: string }; Returns: number };
      sign_waiver: {
        Args: {
          address_hash?: string;
          business_id: string;
          locale?: string;
          people?: string[];
          typed_name: string;
          version: number;
        };
        Returns: number;
      };
      skip_day: {
        Args: { business_id: string; note?: string; on_date: string; series_id: string };
        Returns: undefined;
      };
      split: { Args: { business_id: string; sale_id: string }; Returns: Json };
      staff_list: {
        Args: { business_id: string };
        Returns: {
          email: string;
          name: string;
          role: string;
          since: string;
          staff_id: string;
          user_id: string;
        }[];
      };
      stock_item: {
        Args: {
          before_at?: string;
          before_id?: number;
          business_id: string;
          item_id: string;
          location_id?: string;
          page_size?: number;
        };
        Returns: Json;
      };
      stock_worth: { Args: { business_id: string; from_on: string; until_on: string }; Returns: Json };
      stockroom: {
        Args: { business_id: string; location_id?: string };
        Returns: {
          count: Json;
          counted: number;
          counted_at: string;
          cover_days: number;
          for_sale: number;
          item_id: string;
          low: boolean;
          low_at: number;
          makes: Json;
          name: Json;
          on_hand: number;
          pack_size: number;
          par: number;
          place: Json;
          reserved: number;
          retired: boolean;
          shelf: string;
          sold_14_days: number;
          supplier: string;
          unit: string;
          unit_cost: number;
          value_cents: number;
        }[];
      };
      suspend_memberships: { Args: { at_most?: number }; Returns: number };
      sweep_waitlists: { Args: { at_most?: number }; Returns: number };
      sync_check_ins: { Args: { actions: Json; business_id: string; device?: string }; Returns: Json };
      sync_till_sales: { Args: { business_id: string; sales: Json; till_id: string }; Returns: Json };
      take_emails: {
        Args: { at_most?: number };
        Returns: {
          business: Json;
          data: Json;
          id: string;
          locale: string;
          stop: string;
          template: string;
          to_address: string;
        }[];
      };
      take_fee: {
        Args: {
          business_id: string;
          idempotency_key: string;
          order_id: string;
          pass_id?: string;
          pay_with: string;
        };
        Returns: Json;
      };
      take_gift_card_part: {
        Args: {
          amount_cents?: number;
          business_id: string;
          code: string;
          idempotency_key: string;
          pin: string;
          sale_id: string;
        };
        Returns: Json;
      };
      take_part: {
        Args: {
          amount_cents?: number;
          business_id: string;
          idempotency_key: string;
          sale_id: string;
          tendered_cents?: number;
          way: string;
        };
        Returns: Json;
      };
      take_pos_messages: {
        Args: { at_most?: number };
        Returns: {
          message_id: string;
          payload: Json;
          secrets: string[];
          sending_id: number;
          url: string;
        }[];
      };
      tell_expiring_passes: { Args: Record<PropertyKey, never>; Returns: number };
      tend_substitution: { Args: { substitution_id: string }; Returns: string };
      test_pos: { Args: { business_id: string; connection_id: string }; Returns: Json };
      thaw_membership: {
        Args: { business_id: string; idempotency_key: string; membership_id: string };
        Returns: Json;
      };
      ticket: { Args: { business_id: string; ticket_id: string }; Returns: Json };
      till_places: {
        Args: { business_id: string };
        Returns: {
          location_id: string;
          name: string;
        }[];
      };
      till_reader: { Args: { business_id: string; till_id: string }; Returns: Json };
      till_sale: { Args: { business_id: string; sale_id: string }; Returns: Json };
      till_sold: {
        Args: {
          amount_cents?: number;
          before_at?: string;
          business_id: string;
          page_size?: number;
          till_id: string;
          words?: string;
        };
        Returns: {
          buyer: string;
          call_number: number;
          currency: string;
          items: Json;
          number: string;
          order_id: string;
          pay_with: string;
          reference: string;
          refunded_cents: number;
          sold_at: string;
          till_name: string;
          total_cents: number;
        }[];
      };
      tills: {
        Args: { business_id: string };
        Returns: {
          currency: string;
          location_id: string;
          location_name: string;
          name: string;
          open_since: string;
          prices_include_tax: boolean;
          servings: string[];
          till_id: string;
          tip_percents: number[];
        }[];
      };
      timetable: {
        Args: {
          business_id: string;
          from_at: string;
          only_class?: string;
          only_instructor?: string;
          only_level?: string;
          only_style?: string;
          until_at: string;
        };
        Returns: {
          capacity: number;
          class_name: Json;
          class_slug: string;
          closes_at: string;
          currency: string;
          ends_at: string;
          instructor_name: string;
          instructor_picture: string;
          instructor_slug: string;
          level: string;
          my_booking_id: string;
          my_booking_state: string;
          my_entry_state: string;
          opens_at: string;
          price_cents: number;
          room_name: string;
          seats_left: number;
          session_id: string;
          starts_at: string;
          state: string;
          style: string;
          summary: Json;
          version: number;
          waiting: number;
          waitlist_until: string;
        }[];
      };
      too_late: {
        Args: { business_id: string; keys: string[]; session_id: string; users: string[] };
        Returns: number[];
      };
      transfer_stock: {
        Args: {
          business_id: string;
          from_location_id: string;
          idempotency_key: string;
          lines: Json;
          to_location_id: string;
          why?: string;
        };
        Returns: Json;
      };
      turn_away_pos: { Args: { connection_id: string; why: string }; Returns: undefined };
      unlink_pos: { Args: { business_id: string; connection_id: string; link_id: number }; Returns: Json };
      unread: { Args: { member_id: string }; Returns: number };
      unskip_day: { Args: { business_id: string; on_date: string; series_id: string }; Returns: Json };
      update_dependant: {
        Args: { birthday?: string; business_id: string; full_name: string; person_id: string };
        Returns: string;
      };
      update_profile: {
        Args: {
          birthday?: string;
          business_id: string;
          full_name: string;
          locale: string;
          phone: string;
          pronouns?: string;
        };
        Returns: string;
      };
      use_gift_card: {
        Args: {
          address: string;
          business_id: string;
          cart_token?: string;
          code: string;
          pin: string;
          user_id?: string;
        };
        Returns: Json;
      };
      use_wallet: { Args: { business_id: string; cart_token?: string; wanted: boolean }; Returns: undefined };
      viewer: {
        Args: { business_id: string; cart_token?: string; from_at?: string; until_at?: string };
        Returns: {
          cart_count: number;
          email: string;
          locale: string;
          marks: Json;
          member_id: string;
          name: string;
          roles: string[];
          unread: number;
          user_id: string;
        }[];
      };
      waive: {
        Args: { booking_id: string; business_id: string; idempotency_key: string; reason: string };
        Returns: Json;
      };
      waiver: {
        Args: { business_id: string };
        Returns: {
          body: Json;
          published_at: string;
          version: number;
        }[];
      };
      waiver_versions: {
        Args: { business_id: string };
        Returns: {
          body: Json;
          published_at: string;
          signatures: number;
          version: number;
          written_at: string;
        }[];
      };
      want_letters: {
        Args: {
          business_id: string;
          everything?: boolean;
          member_id: string;
          topic: string;
          wanted: boolean;
        };
        Returns: undefined;
      };
      withdraw_substitution: { Args: { business_id: string; substitution_id: string }; Returns: Json };
      withdraw_time_off: { Args: { business_id: string; time_off_id: string }; Returns: Json };
      write_sessions_ahead: { Args: Record<PropertyKey, never>; Returns: number };
    };
    Enums: {
      [_ in never]: never;
    };
    CompositeTypes: {
      [_ in never]: never;
    };
  };
};

type DatabaseWithoutInternals = Omit<Database, '__InternalSupabase'>;

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, 'api'>];

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    keyof (DefaultSchema['Tables'] & DefaultSchema['Views']) | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Views'])
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Views'])[TableName] extends {
      Row: infer R;
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema['Tables'] & DefaultSchema['Views'])
    ? (DefaultSchema['Tables'] & DefaultSchema['Views'])[DefaultSchemaTableNameOrOptions] extends {
        Row: infer R;
      }
      ? R
      : never
    : never;

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    keyof DefaultSchema['Tables'] | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables']
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'][TableName] extends {
      Insert: infer I;
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema['Tables']
    ? DefaultSchema['Tables'][DefaultSchemaTableNameOrOptions] extends {
        Insert: infer I;
      }
      ? I
      : never
    : never;

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    keyof DefaultSchema['Tables'] | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables']
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'][TableName] extends {
      Update: infer U;
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema['Tables']
    ? DefaultSchema['Tables'][DefaultSchemaTableNameOrOptions] extends {
        Update: infer U;
      }
      ? U
      : never
    : never;

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    keyof DefaultSchema['Enums'] | { schema: keyof DatabaseWithoutInternals },
  EnumName extends (DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions['schema']]['Enums']
    : never) = never,
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions['schema']]['Enums'][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema['Enums']
    ? DefaultSchema['Enums'][DefaultSchemaEnumNameOrOptions]
    : never;

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    keyof DefaultSchema['CompositeTypes'] | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends (PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions['schema']]['CompositeTypes']
    : never) = never,
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions['schema']]['CompositeTypes'][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema['CompositeTypes']
    ? DefaultSchema['CompositeTypes'][PublicCompositeTypeNameOrOptions]
    : never;

export const Constants = {
  api: {
    Enums: {},
  },
} as const;
