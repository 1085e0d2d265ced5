// The shape of every table as TypeScript sees it. Dates are YYYY-MM-DD, times HH:MM, instants ISO 8601 in UTC.
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { Step } from '../app/domain/derivation.ts';
import type { Audience, LadderClass, Priority } from '../app/domain/ladder.ts';
import type { Decision, Fulfilment } from '../app/domain/fulfilment.ts';
import type { MessageKind } from '../app/domain/mail-words.ts';
import type { ManualGround } from '../app/domain/manual-ground.ts';
import type { Medium } from '../app/domain/medium.ts';
import type { TypedReport } from '../app/domain/report-form.ts';
import type { WaiverKind } from '../app/domain/waiver.ts';

type Id = GeneratedAlways<number>;
type Json<Value> = ColumnType<Value, string, string>;

export type Obligor = 'INE' | 'IEM' | 'both';
export type AreaRole = 'responsible' | 'co_responsible' | 'informed';
export type PostKind = 'head' | 'deputy' | 'liaison';
export type Role = 'direction' | 'commission' | 'administrator';
export type { Medium };
export type { MessageKind };
export type ScheduleChangeKind =
  'milestone' | 'trigger' | 'non_working_days' | 'rule' | 'manual_date' | 'addendum';
export type MessageState =
  'queued' | 'sending' | 'retry' | 'uncertain' | 'accepted' | 'failed' | 'cancelled' | 'bounced';
/** Why a mail failed: it could not be composed, its address is wrong, or it was refused for anything else. */
export type MailFault = 'composition' | 'address' | 'refusal';
/** What a mailbox answers that may pass: there is no such one for now (450 4.1.1), or it is full (4.2.2, 5.2.2). */
export type MailboxRefusal = 'unknown' | 'full';
export type NoticeState = 'planned' | 'superseded' | 'accepted' | 'failed' | 'cancelled' | 'bounced';

export interface Schema {
  installation: {
    only_row: Generated<boolean>;
    kind: 'demo' | 'production';
    clock_offset: Generated<string>;
    demo_prepared: Generated<boolean>;
    sender_paused_until: string | null;
    sender_paused_reason: string | null;
    sender_paused_since: string | null;
    /** Mails a minute that the mail server bears; null for as many as there are. */
    sender_pace: Generated<number | null>;
    sender_rests_until: Generated<string | null>;
    sender_claims: Generated<number>;
    sender_held_since: Generated<string | null>;
    sender_place: Generated<string | null>;
    identity: Generated<string>;
  };
  institution: { key: string; name: string };
  area: {
    id: Id;
    key: string;
    institution: string;
    name: string;
    acronym: string;
    parent_id: number | null;
    kind: string;
    email: string;
    aliases: string[];
    source: string;
    note: string | null;
  };
  person: {
    id: Id;
    name: string;
    email: string;
    example: Generated<boolean>;
    disabled_at: string | null;
    bounced_at: ColumnType<string | null, string | null | undefined>;
    /** Since when the person does not want the weekly mail. */
    weekly_off_at: ColumnType<string | null, string | null | undefined>;
    weekly_token: Generated<string>;
    /** Since when the person takes calendar invitations by mail; null: none. */
    invited_since: ColumnType<string | null, string | null | undefined>;
  };
  post: { id: Id; area_id: number; kind: PostKind; title: string };
  appointment: {
    id: Id;
    post_id: number;
    person_id: number;
    from_on: string;
    until_on: string | null;
    /** Since when the person is owed word of what they receive; null: never. */
    handover_since: ColumnType<string | null, string | null | undefined>;
  };
  role_grant: { id: Id; person_id: number; role: Role; from_on: string; until_on: string | null };
  process: {
    id: Id;
    key: string;
    name: string;
    direction_area_id: number;
    published_at: string | null;
    source_process_id: number | null;
    discarded_at: string | null;
    last_act_at: string | null;
  };
  instrument: {
    id: Id;
    process_id: number;
    key: string;
    kind:
      | 'general_agreement'
      | 'technical_annex'
      | 'financial_annex'
      | 'addendum'
      | 'annual_programme'
      | 'official_letter';
    title: string;
    parent_id: number | null;
  };
  instrument_version: {
    id: Id;
    instrument_id: number;
    version: number;
    signed_on: string | null;
    in_force_from: string | null;
    in_force_until: string | null;
    source: string;
    title: string | null;
    change_id: number | null;
  };
  clause: {
    id: Id;
    instrument_version_id: number;
    number: string;
    path: string;
    heading: string;
    text: string | null;
    summary: string | null;
    period_from: string | null;
    period_to: string | null;
    responsible_area_id: number | null;
    deliverable: string | null;
    source: string;
    note: string | null;
    words: GeneratedAlways<string>;
  };
  milestone: {
    id: Id;
    process_id: number;
    key: string;
    name: string;
    repeatable: boolean;
    owner_area_id: number | null;
  };
  milestone_version: {
    milestone_id: number;
    version: number;
    on_date: string | null;
    at_time: string | null;
    firm: boolean;
    approximate: string | null;
    source: string;
    note: string | null;
    recorded_at: string;
    recorded_by: number | null;
    expected_on: string | null;
    change_id: number | null;
  };
  milestone_occurrence: {
    id: Id;
    milestone_id: number;
    on_date: string;
    at_time: string | null;
    description: string;
    source: string;
    recorded_at: string;
    recorded_by: number | null;
    withdrawn_at: string | null;
    withdrawn_by: number | null;
    withdrawal_reason: string | null;
    change_id: number | null;
  };
  non_working_day: { institution: string; day: string; name: string; source: string };
  working_year: { institution: string; year: number; confirmed: boolean; source: string };
  obligation: {
    id: Id;
    process_id: number;
    clause_id: number;
    ref: string;
    subject: string;
    title: string;
    description: string;
    obligor: Obligor;
    counterpart_area_id: number;
    evidence_expected: string;
    priority: Priority;
    /** The one before, and the day since when it is no longer; both null while it was never changed. */
    priority_before: Generated<Priority | null>;
    priority_from: Generated<string | null>;
    condition: string | null;
    legal_basis: string;
    verification: 'law' | 'calendar' | 'signed' | 'unverified';
    note: string | null;
    words: GeneratedAlways<string>;
  };
  obligation_area: { obligation_id: number; area_id: number; role: AreaRole };
  /** Every rule that ever dated a deadline. */
  rule_of_deadline: { deadline_id: number; rule_id: number };
  deadline_rule: {
    id: Id;
    obligation_id: number;
    version: number;
    /** Null when this version repeals. */
    rule: ColumnType<unknown, string | null, string | null>;
    sentence: string;
    recorded_at: string;
    recorded_by: number | null;
    change_id: number | null;
    in_hours: GeneratedAlways<boolean>;
    /** Equal rules have equal ones; null when this version repeals. */
    rule_hash: GeneratedAlways<string | null>;
  };
  rule_draft: {
    obligation_id: number;
    rule: Json<unknown>;
    sentence: string;
    left_out: string | null;
    left_out_by: number | null;
    left_out_at: string | null;
  };
  addendum_draft: {
    id: Id;
    instrument_id: number;
    title: string;
    signed_on: string;
    in_force_from: string;
    source: string;
    rows: Json<unknown>;
    recorded_by: number;
    recorded_at: string;
    closed_at: string | null;
    instrument_version_id: number | null;
  };
  deadline: { id: Id; obligation_id: number; key: string; milestone_occurrence_id: number | null };
  deadline_version: {
    deadline_id: number;
    version: number;
    opens_on: string | null;
    due_on: string | null;
    due_time: string | null;
    lapses_at: string | null;
    waiting_for_id: number | null;
    provisional: Generated<string[]>;
    steps: Json<Step[]>;
    rule_id: number;
    known_from: string;
    recorded_at: string;
    superseded_at: string | null;
    settled_at: ColumnType<string | null, never, never>;
    change_id: number | null;
    ended_by_change_id: number | null;
  };
  schedule_change: {
    id: Id;
    process_id: number | null;
    kind: ScheduleChangeKind;
    summary: string;
    act: string;
    recorded_by: number;
    recorded_at: string;
    undone_at: string | null;
    undone_by: number | null;
  };
  manual_date: {
    deadline_id: number;
    deadline_version: number;
    ground: ManualGround;
    reason: string;
    document: string;
    recorded_by: number;
    recorded_at: string;
  };
  kept_date: { deadline_id: number; deadline_version: number; change_id: number };
  submission: {
    id: Id;
    deadline_id: number;
    attempt: number;
    area_id: number;
    submitted_by: number;
    act_on: string;
    act_time: string | null;
    medium: Medium;
    document_number: string;
    note: Generated<string>;
    recorded_at: string;
    form_key: string;
    example: Generated<boolean>;
    decided_at: ColumnType<string | null, never, never>;
    fulfilment: Generated<Fulfilment>;
    part_of: number | null;
    words: GeneratedAlways<string>;
  };
  evidence_file: { sha256: string; bytes: number; media_type: string; stored_at: string };
  submission_file: { id: Id; submission_id: number; sha256: string; name: string; position: number };
  report_draft: {
    id: Id;
    person_id: number;
    deadline_id: number;
    fields: Json<TypedReport>;
    also: Generated<number[]>;
    form_key: string;
    saved_at: string;
  };
  draft_file: { draft_id: number; sha256: string; name: string; position: number };
  area_request: {
    id: Id;
    kind: 'extension' | 'not_ours';
    deadline_id: number;
    area_id: number;
    asked_by: number;
    asked_at: string;
    reason: string;
    document: Generated<string>;
    due_on: string | null;
    decision: 'granted' | 'denied' | null;
    decision_words: Generated<string>;
    new_area_id: number | null;
    decided_by: number | null;
    decided_at: string | null;
  };
  receipt: {
    submission_id: number;
    folio: string;
    content: Json<unknown>;
    sha256: string;
    issued_at: string;
  };
  review: {
    submission_id: number;
    decision: Decision;
    words: Generated<string>;
    reviewed_by: number;
    recorded_at: string;
  };
  waiver: {
    id: Id;
    deadline_id: number;
    kind: WaiverKind;
    reason: string;
    document: string;
    recorded_by: number;
    recorded_at: string;
    reserved: Generated<boolean>;
    withdrawn_at: string | null;
    withdrawn_by: number | null;
    withdrawal_reason: string | null;
  };
  extension: {
    id: Id;
    deadline_id: number;
    deadline_version: number;
    reason: string;
    document: string;
    granted_by: number;
    recorded_at: string;
    reserved: Generated<boolean>;
  };
  provisional_history: { deadline_id: number; version: number; provisional: string[]; until: string };
  report_cut: {
    id: Id;
    year: number;
    number: number;
    folio: string;
    process_key: string | null;
    cut_at: string;
    due: number;
    overdue: number;
    /** Canonical JSON of an OverdueReport. */
    content: string;
    sha256: string;
    audit_seq: number;
    audit_hash: string;
    closed_by: number;
    closed_at: string;
  };
  ladder: {
    id: Id;
    process_id: number;
    key: LadderClass;
    version: number;
    from_on: string;
    recorded_at: string | null;
    recorded_by: number | null;
  };
  rung: {
    ladder_id: number;
    key: string;
    amount: number;
    unit: 'days' | 'hours';
    kind: 'reminder' | 'escalation';
    audience: Audience[];
    offset_hours: GeneratedAlways<number>;
  };
  attention: { only_row: Generated<boolean>; weekdays: number[]; on_rest_days: boolean; hour: string };
  attention_exception: { day: string; attended: boolean; reason: string };
  message: {
    id: Id;
    kind: MessageKind;
    person_id: number;
    run_on: string | null;
    rung: string | null;
    submission_id: number | null;
    login_challenge_id: string | null;
    schedule_change_id: number | null;
    area_id: number | null;
    milestone_id: number | null;
    process_id: ColumnType<number | null, number | null | undefined>;
    explanation_request_id: number | null;
    waiver_id: ColumnType<number | null, number | null | undefined>;
    second_factor_id: ColumnType<number | null, number | null | undefined>;
    invited_deadline_id: ColumnType<number | null, number | null | undefined>;
    invited_sequence: ColumnType<number | null, number | null | undefined>;
    /** Ids of the appointments whose handover it tells. */
    hands_over: ColumnType<number[] | null, never>;
    state: Generated<MessageState>;
    reason: string | null;
    to_address: string | null;
    subject: string | null;
    html: string | null;
    text: string | null;
    /** The iCalendar part of an invitation. */
    calendar: ColumnType<string | null, string | null | undefined>;
    message_id: string | null;
    headers: ColumnType<Record<string, string> | null, string | null | undefined>;
    created_at: string;
    next_attempt_at: string;
    attempts: Generated<number>;
    lease_token: string | null;
    lease_until: string | null;
    possible_duplicate: Generated<boolean>;
    reply: string | null;
    /** Of a mail that failed; null of one that failed before this was noted, or that is a log-in code given up. */
    fault: ColumnType<MailFault | null, MailFault | null | undefined>;
    /** Attempts after which nobody knew whether the server has it. */
    doubts: Generated<number>;
    closed_at: string | null;
  };
  mailbox_refusal: {
    person_id: number;
    address: string;
    kind: MailboxRefusal;
    since: string;
    last_at: string;
    /** The mail that was refused last. */
    message_id: number;
  };
  notice: {
    id: Id;
    deadline_id: number;
    deadline_version: number;
    rung: string;
    /** Distance from the due date: which of two rungs is the later one. */
    offset_hours: number;
    kind: 'reminder' | 'escalation';
    person_id: number;
    capacity: string;
    planned_on: string;
    state: NoticeState;
    reason: string | null;
    message_id: number | null;
    recorded_at: string;
    closed_at: string | null;
    /** The answer that held it back. */
    answer_id: ColumnType<number | null, number | null | undefined>;
  };
  notice_answer: {
    id: Id;
    deadline_id: number;
    deadline_version: number;
    person_id: number;
    /** The day on which to tell them again; null for an acknowledgement. */
    until_on: string | null;
    reason: string;
    recorded_at: string;
  };
  pass: {
    run_on: string;
    /** The first pass from the morning's hour on; null while only the night's passes looked. */
    first_at: string | null;
    last_at: string;
    planned: number;
    superseded: number;
    messages: number;
    uncovered: number;
    /** How long the newest pass of the day took, on the real clock. */
    duration_ms: ColumnType<number | null, number | null | undefined>;
  };
  bounce: {
    id: Id;
    received_at: string;
    message_id: number | null;
    outcome: 'recorded' | 'repeated' | 'delayed' | 'unbelievable' | 'unreadable';
    recipient: string | null;
    status: string | null;
    diagnostic: string;
  };
  feed: {
    id: Id;
    token_hash: string;
    owner_id: number;
    scope: 'person' | 'area' | 'all';
    area_id: number | null;
    created_at: string;
    revoked_at: string | null;
    last_read_at: string | null;
    hour_from: string | null;
    hour_reads: Generated<number>;
  };
  saved_view: { id: Id; person_id: number; name: string; query: string; saved_at: string };
  session: {
    token_hash: string;
    person_id: number;
    created_at: string;
    last_seen_at: string;
    expires_at: string;
    revoked_at: string | null;
  };
  login_challenge: {
    id: string;
    email: string;
    person_id: number | null;
    code_hash: string | null;
    code_salt: string | null;
    ip: string;
    created_at: string;
    expires_at: string;
    tries: Generated<number>;
    used_at: string | null;
  };
  explanation: {
    id: Generated<number>;
    deadline_id: number;
    area_id: number;
    cause: string;
    committed_on: string;
    recorded_by: number;
    recorded_at: string;
  };
  explanation_request: {
    id: Generated<number>;
    deadline_id: number;
    area_id: number;
    words: Generated<string>;
    asked_by: number;
    asked_at: string;
  };
  second_factor: {
    id: Generated<number>;
    person_id: number;
    secret: string;
    created_at: string;
    confirmed_at: Generated<string | null>;
    last_step: Generated<number>;
    salt: string;
    revoked_at: Generated<string | null>;
    revoked_by: Generated<number | null>;
  };
  recovery_code: {
    second_factor_id: number;
    code_hash: string;
    used_at: string | null;
  };
  half_login: {
    token_hash: string;
    person_id: number;
    created_at: string;
    expires_at: string;
    used_at: string | null;
  };
  second_factor_miss: {
    person_id: number;
    missed_at: string;
  };
  audit_entry: {
    seq: Generated<number>;
    at: string;
    actor: string;
    verb: string;
    subject: string;
    detail: Json<unknown>;
    previous_hash: Generated<string>;
    hash: Generated<string>;
  };
  audit_head: { only_row: Generated<boolean>; seq: number; hash: string };
}
