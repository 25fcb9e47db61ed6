//! The tables, equal on both databases (a test compares them with the migrations).

diesel::table! {
    workspace (id) {
        id -> BigInt,
        name -> Text,
        time_zone -> Nullable<Text>,
        set_up_at -> Nullable<BigInt>,
        number_style -> Text,
        day_style -> Text,
        second_factor_roles -> Text,
        keep_notices_days -> Nullable<Integer>,
        keep_uploads_days -> Nullable<Integer>,
        keep_addresses_days -> Nullable<Integer>,
        keep_leads_days -> Nullable<Integer>,
    }
}

diesel::table! {
    teams (id) {
        id -> BigInt,
        name -> Text,
        time_zone -> Nullable<Text>,
        display_mode -> Text,
        is_retired -> Bool,
    }
}

diesel::table! {
    people (id) {
        id -> BigInt,
        uid -> Text,
        email -> Text,
        name -> Text,
        role -> Text,
        time_zone -> Nullable<Text>,
        password_hash -> Nullable<Text>,
        created_at -> BigInt,
        left_on -> Nullable<Date>,
        has_letter_keys -> Bool,
        has_second_factor -> Bool,
        erased_at -> Nullable<BigInt>,
        erased_hash -> Nullable<Text>,
    }
}

diesel::table! {
    memberships (id) {
        id -> BigInt,
        person_id -> BigInt,
        team_id -> BigInt,
        from_day -> Date,
        until_day -> Nullable<Date>,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        token_hash -> Text,
        person_id -> BigInt,
        created_at -> BigInt,
        expires_at -> BigInt,
        user_agent -> Text,
        address -> Text,
        awaits_code -> Bool,
    }
}

diesel::table! {
    password_links (id) {
        id -> BigInt,
        token_hash -> Text,
        person_id -> BigInt,
        is_invite -> Bool,
        made_at -> BigInt,
        made_by_id -> Nullable<BigInt>,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    screens (id) {
        id -> BigInt,
        token_hash -> Text,
        team_id -> BigInt,
        name -> Text,
        metric -> Text,
        period -> Text,
        made_at -> BigInt,
        made_by_id -> Nullable<BigInt>,
        opened_at -> Nullable<BigInt>,
        taken_down_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    api_keys (id) {
        id -> BigInt,
        token_hash -> Text,
        person_id -> BigInt,
        name -> Text,
        made_at -> BigInt,
        used_on -> Nullable<Date>,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    known_devices (token_hash, person_id) {
        token_hash -> Text,
        person_id -> BigInt,
        seen_at -> BigInt,
    }
}

diesel::table! {
    second_factors (person_id) {
        person_id -> BigInt,
        secret -> Text,
        begun_at -> BigInt,
        last_step -> BigInt,
    }
}

diesel::table! {
    recovery_codes (id) {
        id -> BigInt,
        person_id -> BigInt,
        code_hash -> Text,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    work_weeks (id) {
        id -> BigInt,
        team_id -> Nullable<BigInt>,
        person_id -> Nullable<BigInt>,
        valid_from -> Date,
        set_by_id -> Nullable<BigInt>,
        set_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    work_hours (id) {
        id -> BigInt,
        week_id -> BigInt,
        weekday -> Integer,
        opens_min -> Integer,
        closes_min -> Integer,
    }
}

diesel::table! {
    past_zones (id) {
        id -> BigInt,
        team_id -> Nullable<BigInt>,
        person_id -> Nullable<BigInt>,
        time_zone -> Nullable<Text>,
        until_day -> Date,
    }
}

diesel::table! {
    holidays (id) {
        id -> BigInt,
        day -> Date,
        name -> Text,
        team_id -> Nullable<BigInt>,
        person_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    time_off (id) {
        id -> BigInt,
        person_id -> BigInt,
        from_day -> Date,
        to_day -> Date,
        part -> Text,
    }
}

diesel::table! {
    kinds (id) {
        id -> BigInt,
        name -> Text,
        is_prospecting -> Bool,
        is_attempt -> Bool,
        without_lead -> Bool,
        position -> Integer,
        is_retired -> Bool,
        icon -> Text,
    }
}

diesel::table! {
    outcomes (id) {
        id -> BigInt,
        kind_id -> BigInt,
        name -> Text,
        class -> Text,
        is_meeting -> Bool,
        arrived -> Bool,
        stops_contact -> Bool,
        position -> Integer,
        is_retired -> Bool,
    }
}

diesel::table! {
    labels (id) {
        id -> BigInt,
        list -> Text,
        name -> Text,
        is_retired -> Bool,
        position -> Integer,
        same_as_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    reasons (id) {
        id -> BigInt,
        event -> Text,
        class -> Text,
        name -> Text,
        position -> Integer,
        is_retired -> Bool,
    }
}

diesel::table! {
    leads (id) {
        id -> BigInt,
        uid -> Text,
        external_id -> Nullable<Text>,
        name -> Text,
        company -> Text,
        email -> Text,
        phone -> Text,
        title -> Text,
        territory_id -> Nullable<BigInt>,
        source_id -> Nullable<BigInt>,
        campaign_id -> Nullable<BigInt>,
        asset_id -> Nullable<BigInt>,
        urgency -> Text,
        score -> Nullable<Double>,
        amount_micros -> Nullable<BigInt>,
        currency -> Text,
        note -> Text,
        created_at -> BigInt,
        created_by_id -> Nullable<BigInt>,
        owner_id -> Nullable<BigInt>,
        stage -> Text,
        is_stopped -> Bool,
        attempts -> Integer,
        handed_over_at -> Nullable<BigInt>,
        last_touch_at -> Nullable<BigInt>,
        next_step_on -> Nullable<Date>,
        search -> Text,
        import_hash -> Nullable<BigInt>,
        listed_at -> BigInt,
        given_score -> Nullable<Double>,
        erased_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    lead_profiles (lead_id) {
        lead_id -> BigInt,
        country -> Text,
        region -> Text,
        post_code -> Text,
        employees -> Nullable<Integer>,
        segment -> Text,
    }
}

diesel::table! {
    territory_rules (id) {
        id -> BigInt,
        territory_id -> BigInt,
        position -> Integer,
        country -> Text,
        region -> Text,
        post_code -> Text,
        employees_from -> Nullable<Integer>,
        employees_to -> Nullable<Integer>,
        segment -> Text,
        is_retired -> Bool,
    }
}

diesel::table! {
    signal_kinds (id) {
        id -> BigInt,
        name -> Text,
        sort -> Text,
        is_retired -> Bool,
    }
}

diesel::table! {
    rotas (id) {
        id -> BigInt,
        territory_id -> Nullable<BigInt>,
        turns -> BigInt,
    }
}

diesel::table! {
    lead_signals (id) {
        id -> BigInt,
        uid -> Text,
        lead_id -> BigInt,
        kind_id -> BigInt,
        at -> BigInt,
        entered_at -> BigInt,
        what -> Text,
        asset_id -> Nullable<BigInt>,
        link -> Text,
        by_id -> Nullable<BigInt>,
        is_withdrawn -> Bool,
        replaces_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    rota_seats (rota_id, person_id) {
        rota_id -> BigInt,
        person_id -> BigInt,
        weight -> BigInt,
        credit -> BigInt,
    }
}

diesel::table! {
    score_rule_sets (id) {
        id -> BigInt,
        version -> Integer,
        line -> Double,
        why -> Text,
        by_id -> Nullable<BigInt>,
        at -> BigInt,
    }
}

diesel::table! {
    score_fit_rules (id) {
        id -> BigInt,
        set_id -> BigInt,
        field -> Text,
        comparison -> Text,
        value -> Text,
        points -> Double,
    }
}

diesel::table! {
    score_behaviour_rules (id) {
        id -> BigInt,
        set_id -> BigInt,
        kind_id -> BigInt,
        points -> Double,
    }
}

diesel::table! {
    leads_above (lead_id) {
        lead_id -> BigInt,
        since -> BigInt,
    }
}

diesel::table! {
    lead_assets (lead_id, asset_id) {
        lead_id -> BigInt,
        asset_id -> BigInt,
    }
}

diesel::table! {
    handover_lines (id) {
        id -> BigInt,
        handover_id -> BigInt,
        part -> Text,
        text -> Text,
        points -> Nullable<Double>,
        at -> Nullable<BigInt>,
    }
}

diesel::table! {
    handovers (id) {
        id -> BigInt,
        uid -> Text,
        lead_id -> BigInt,
        handed_over_at -> BigInt,
        by_id -> Nullable<BigInt>,
        territory_id -> Nullable<BigInt>,
        source_id -> Nullable<BigInt>,
        campaign_id -> Nullable<BigInt>,
        asset_id -> Nullable<BigInt>,
        urgency -> Text,
        score -> Nullable<Double>,
        note -> Text,
        first_attempt_at -> Nullable<BigInt>,
        first_contact_at -> Nullable<BigInt>,
        closed_at -> Nullable<BigInt>,
        definition_id -> BigInt,
        is_complete -> Bool,
        is_in_conversation -> Bool,
    }
}

diesel::table! {
    definitions (id) {
        id -> BigInt,
        stages -> Text,
        qualified -> Text,
        reasons -> Text,
        score_rules -> Text,
        volume -> Nullable<Integer>,
        volume_per -> Text,
        answer_by -> Text,
        revision -> Integer,
        edited_by_id -> Nullable<BigInt>,
        edited_at -> BigInt,
    }
}

diesel::table! {
    definition_levels (id) {
        id -> BigInt,
        definition_id -> BigInt,
        urgency -> Text,
        source_id -> Nullable<BigInt>,
        accept_by -> Text,
        first_attempt_by -> Text,
        least_attempts -> Integer,
        least_kinds -> Integer,
        contact_or_exit_by -> Text,
    }
}

diesel::table! {
    definition_signatures (definition_id, side) {
        definition_id -> BigInt,
        side -> Text,
        by_id -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    definition_heads (side) {
        side -> Text,
        person_id -> BigInt,
    }
}

diesel::table! {
    definitions_in_force (definition_id) {
        definition_id -> BigInt,
        from_at -> BigInt,
    }
}

diesel::table! {
    lead_events (id) {
        id -> BigInt,
        lead_id -> BigInt,
        at -> BigInt,
        entered_at -> BigInt,
        kind -> Text,
        from_stage -> Text,
        to_stage -> Text,
        reason -> Text,
        note -> Text,
        by_id -> Nullable<BigInt>,
        owner_id -> Nullable<BigInt>,
        amount_micros -> Nullable<BigInt>,
        currency -> Text,
        activity_id -> Nullable<BigInt>,
        origin -> Text,
        flags -> Text,
        replaces_id -> Nullable<BigInt>,
        place_id -> Nullable<BigInt>,
        import_hash -> Nullable<BigInt>,
    }
}

diesel::table! {
    rejection_replies (id) {
        id -> BigInt,
        lead_id -> BigInt,
        event_id -> BigInt,
        step -> Integer,
        reply -> Text,
        text -> Text,
        at -> BigInt,
        by_id -> BigInt,
        led_to_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    remarks (id) {
        id -> BigInt,
        uid -> Text,
        lead_id -> BigInt,
        handed_over_at -> Nullable<BigInt>,
        answers_id -> Nullable<BigInt>,
        replaces_id -> Nullable<BigInt>,
        text -> Text,
        at -> BigInt,
        by_id -> BigInt,
    }
}

diesel::table! {
    remark_people (remark_id, person_id) {
        remark_id -> BigInt,
        person_id -> BigInt,
    }
}

diesel::table! {
    ratings (id) {
        id -> BigInt,
        lead_id -> BigInt,
        handed_over_at -> BigInt,
        stars -> Integer,
        asset_id -> Nullable<BigInt>,
        landed -> Text,
        note -> Text,
        at -> BigInt,
        by_id -> BigInt,
    }
}

diesel::table! {
    duplicates (event_id) {
        event_id -> BigInt,
        lead_id -> BigInt,
        same_as_id -> BigInt,
    }
}

diesel::table! {
    activities (id) {
        id -> BigInt,
        uid -> Text,
        external_id -> Nullable<Text>,
        person_id -> BigInt,
        team_id -> Nullable<BigInt>,
        lead_id -> Nullable<BigInt>,
        kind_id -> BigInt,
        outcome_id -> Nullable<BigInt>,
        technique -> Text,
        quantity -> Integer,
        happened_at -> BigInt,
        entered_at -> BigInt,
        local_day -> Date,
        origin -> Text,
        is_prospecting -> Bool,
        is_attempt -> Bool,
        is_reached -> Bool,
        is_meeting -> Bool,
        is_late -> Bool,
        with_id -> Nullable<BigInt>,
        asset_id -> Nullable<BigInt>,
        note -> Text,
        note_for_marketing -> Bool,
        replaces_id -> Nullable<BigInt>,
        is_current -> Bool,
        ended_at -> Nullable<BigInt>,
        ended_by_id -> Nullable<BigInt>,
        import_hash -> Nullable<BigInt>,
    }
}

diesel::table! {
    day_totals (person_id, local_day, team_id, kind_id) {
        person_id -> BigInt,
        local_day -> Date,
        team_id -> BigInt,
        kind_id -> BigInt,
        entries -> Integer,
        prospecting -> Integer,
        reached -> Integer,
        meetings -> Integer,
    }
}

diesel::table! {
    targets (id) {
        id -> BigInt,
        person_id -> Nullable<BigInt>,
        team_id -> Nullable<BigInt>,
        metric -> Text,
        amount -> Double,
        period -> Text,
        weekdays -> Text,
        valid_from -> Date,
        reason -> Text,
        set_by_id -> Nullable<BigInt>,
        set_at -> BigInt,
    }
}

diesel::table! {
    goals (id) {
        id -> BigInt,
        uid -> Text,
        person_id -> BigInt,
        metric -> Text,
        amount -> Double,
        starts_on -> Date,
        by_day -> Nullable<Date>,
        plan -> Text,
        is_shared -> Bool,
        made_at -> BigInt,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    score_weights (id) {
        id -> BigInt,
        kind_id -> BigInt,
        weight -> Double,
        daily_cap -> Nullable<Integer>,
        valid_from -> Date,
        reason -> Text,
        set_by_id -> Nullable<BigInt>,
        set_at -> BigInt,
    }
}

diesel::table! {
    shared_goals (id) {
        id -> BigInt,
        name -> Text,
        measure -> Text,
        amount -> Double,
        currency -> Text,
        from_day -> Date,
        to_day -> Date,
        sales_owner_id -> BigInt,
        marketing_owner_id -> BigInt,
        made_by_id -> Nullable<BigInt>,
        made_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        ended_by_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    peer_groups (id) {
        id -> BigInt,
        person_id -> BigInt,
        name -> Text,
        from_day -> Date,
        set_by_id -> Nullable<BigInt>,
        set_at -> BigInt,
    }
}

diesel::table! {
    packs (id) {
        id -> BigInt,
        monday -> Date,
        made_at -> BigInt,
        by_id -> Nullable<BigInt>,
        definition_id -> BigInt,
        content -> Text,
    }
}

diesel::table! {
    commitments (id) {
        id -> BigInt,
        pack_id -> BigInt,
        text -> Text,
        owner_id -> BigInt,
        due_on -> Date,
        by_id -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    commitment_ends (id) {
        id -> BigInt,
        commitment_id -> BigInt,
        verdict -> Text,
        note -> Text,
        by_id -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    watch_words (id) {
        id -> BigInt,
        person_id -> BigInt,
        sign -> Text,
        text -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    notices (id) {
        id -> BigInt,
        person_id -> BigInt,
        kind -> Text,
        at -> BigInt,
        by_id -> Nullable<BigInt>,
        lead_id -> Nullable<BigInt>,
        handover_id -> Nullable<BigInt>,
        text -> Text,
        once -> Nullable<Text>,
        read_at -> Nullable<BigInt>,
        definition_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    notice_mutes (person_id, kind) {
        person_id -> BigInt,
        kind -> Text,
    }
}

diesel::table! {
    job_runs (name) {
        name -> Text,
        ran_at -> BigInt,
    }
}

diesel::table! {
    audit_entries (id) {
        id -> BigInt,
        at -> BigInt,
        by_id -> Nullable<BigInt>,
        verb -> Text,
        subject -> Text,
        subject_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    audit_words (entry_id) {
        entry_id -> BigInt,
        was -> Text,
        became -> Text,
        address -> Text,
        search -> Text,
    }
}

diesel::table! {
    stage_names (stage) {
        stage -> Text,
        name -> Text,
    }
}

diesel::table! {
    import_uploads (id) {
        id -> BigInt,
        uid -> Text,
        by_id -> BigInt,
        at -> BigInt,
        name -> Text,
        kind -> Text,
        mapping -> Text,
        content -> Binary,
    }
}

diesel::table! {
    reference_version (id) {
        id -> BigInt,
        version -> BigInt,
        closed_entries -> BigInt,
    }
}

diesel::table! {
    verdicts (id) {
        id -> BigInt,
        person_id -> BigInt,
        period -> Text,
        first_day -> Date,
        was -> Text,
        state -> Text,
        attainment -> Nullable<Double>,
        origin -> Text,
        reason -> Text,
        by_id -> Nullable<BigInt>,
        at -> BigInt,
    }
}

diesel::table! {
    habit_settings (id) {
        id -> BigInt,
        person_id -> BigInt,
        remind_at_min -> Nullable<Integer>,
        hides_streak -> Bool,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    workspace,
    teams,
    people,
    memberships,
    sessions,
    password_links,
    screens,
    api_keys,
    known_devices,
    second_factors,
    recovery_codes,
    work_weeks,
    work_hours,
    past_zones,
    holidays,
    time_off,
    kinds,
    outcomes,
    labels,
    reasons,
    leads,
    lead_profiles,
    territory_rules,
    rotas,
    rota_seats,
    signal_kinds,
    lead_signals,
    score_rule_sets,
    score_fit_rules,
    score_behaviour_rules,
    leads_above,
    lead_assets,
    handover_lines,
    handovers,
    definitions,
    definition_levels,
    definition_signatures,
    definition_heads,
    definitions_in_force,
    lead_events,
    rejection_replies,
    remarks,
    remark_people,
    ratings,
    duplicates,
    notices,
    notice_mutes,
    activities,
    day_totals,
    targets,
    goals,
    score_weights,
    shared_goals,
    peer_groups,
    packs,
    commitments,
    commitment_ends,
    watch_words,
    job_runs,
    audit_entries,
    audit_words,
    stage_names,
    import_uploads,
    reference_version,
    verdicts,
    habit_settings,
);
