CREATE TABLE "workspaces" (
	"id" text PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workspaces_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "blob_chunks" (
	"workspace_id" text NOT NULL,
	"hash" text NOT NULL,
	"n" integer NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "blob_chunks_workspace_id_hash_n_pk" PRIMARY KEY("workspace_id","hash","n")
);
--> statement-breakpoint
CREATE TABLE "blob_refs" (
	"workspace_id" text NOT NULL,
	"hash" text NOT NULL,
	"run" text NOT NULL,
	CONSTRAINT "blob_refs_workspace_id_hash_run_pk" PRIMARY KEY("workspace_id","hash","run")
);
--> statement-breakpoint
CREATE TABLE "blobs" (
	"workspace_id" text NOT NULL,
	"hash" text NOT NULL,
	"size" integer NOT NULL,
	"codec" text NOT NULL,
	"chunks" integer NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "blobs_workspace_id_hash_pk" PRIMARY KEY("workspace_id","hash")
);
--> statement-breakpoint
CREATE TABLE "effects" (
	"workspace_id" text NOT NULL,
	"run" text NOT NULL,
	"stage" text NOT NULL,
	"path" text NOT NULL,
	"node" text NOT NULL,
	"item" integer DEFAULT -1 NOT NULL,
	"call" text DEFAULT '' NOT NULL,
	"epoch" integer NOT NULL,
	"class" text NOT NULL,
	"key" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "effects_run_stage_path_node_item_call_pk" PRIMARY KEY("run","stage","path","node","item","call")
);
--> statement-breakpoint
CREATE TABLE "plans" (
	"workspace_id" text NOT NULL,
	"fingerprint" text NOT NULL,
	"plan" json NOT NULL,
	"document" json NOT NULL,
	CONSTRAINT "plans_workspace_id_fingerprint_pk" PRIMARY KEY("workspace_id","fingerprint")
);
--> statement-breakpoint
CREATE TABLE "run_events" (
	"workspace_id" text NOT NULL,
	"run" text NOT NULL,
	"seq" integer NOT NULL,
	"type" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"data" json NOT NULL,
	CONSTRAINT "run_events_run_seq_pk" PRIMARY KEY("run","seq")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"workflow" text NOT NULL,
	"workflow_name" text NOT NULL,
	"version" integer,
	"status" text NOT NULL,
	"mode" text NOT NULL,
	"trigger_kind" text NOT NULL,
	"event" text,
	"start" text NOT NULL,
	"lane" text NOT NULL,
	"seq" integer NOT NULL,
	"plan" text NOT NULL,
	"engine" integer NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	"retry_of" text,
	"root" text NOT NULL,
	"parent_run" text,
	"parent_path" text,
	"parent_node" text,
	"parent_item" integer,
	"depth" integer DEFAULT 0 NOT NULL,
	"error" json,
	"needs" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"hidden" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "snapshots" (
	"run" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"seq" integer NOT NULL,
	"state" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stages" (
	"workspace_id" text NOT NULL,
	"run" text NOT NULL,
	"stage" text NOT NULL,
	"path" text NOT NULL,
	"state" text NOT NULL,
	"epoch" integer DEFAULT 0 NOT NULL,
	"lease_owner" text,
	"lease_until" timestamp with time zone,
	"next_at" timestamp with time zone,
	"lane" text NOT NULL,
	"crashes" integer DEFAULT 0 NOT NULL,
	"code" boolean DEFAULT false NOT NULL,
	CONSTRAINT "stages_run_stage_path_pk" PRIMARY KEY("run","stage","path")
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"hash" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"run" text NOT NULL,
	"stage" text NOT NULL,
	"path" text NOT NULL,
	"node" text NOT NULL,
	"call" text NOT NULL,
	"due" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"boot_id" text PRIMARY KEY NOT NULL,
	"pool_ids" text[] NOT NULL,
	"pid" integer NOT NULL,
	"host" text NOT NULL,
	"version" text NOT NULL,
	"roles" text[] NOT NULL,
	"heartbeat_at" timestamp with time zone NOT NULL,
	"draining" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dedupe_keys" (
	"workspace_id" text NOT NULL,
	"trigger" text NOT NULL,
	"key" text NOT NULL,
	"run" text NOT NULL,
	"until" timestamp with time zone NOT NULL,
	CONSTRAINT "dedupe_keys_workspace_id_trigger_key_pk" PRIMARY KEY("workspace_id","trigger","key")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"source" text NOT NULL,
	"type" text NOT NULL,
	"subject" text,
	"time" timestamp with time zone NOT NULL,
	"data" json,
	"trigger" text,
	"dedupe_key" text,
	"run" text
);
--> statement-breakpoint
CREATE INDEX "blob_refs_by_run" ON "blob_refs" USING btree ("run");--> statement-breakpoint
CREATE INDEX "runs_by_time" ON "runs" USING btree ("workspace_id","started_at","id");--> statement-breakpoint
CREATE INDEX "runs_by_workflow" ON "runs" USING btree ("workspace_id","workflow","started_at","id");--> statement-breakpoint
CREATE INDEX "runs_by_status" ON "runs" USING btree ("workspace_id","status","started_at","id") WHERE status <> 'finished';--> statement-breakpoint
CREATE INDEX "runs_by_parent" ON "runs" USING btree ("parent_run") WHERE "runs"."parent_run" is not null;--> statement-breakpoint
CREATE INDEX "runs_by_root" ON "runs" USING btree ("root") WHERE "runs"."retry_of" is not null;--> statement-breakpoint
CREATE INDEX "stages_ready" ON "stages" USING btree ("lane","next_at") WHERE state = 'ready';--> statement-breakpoint
CREATE INDEX "stages_leased" ON "stages" USING btree ("lease_until") WHERE state = 'leased';--> statement-breakpoint
CREATE INDEX "stages_due" ON "stages" USING btree ("next_at") WHERE state = 'waiting' and next_at is not null;--> statement-breakpoint
CREATE INDEX "tokens_by_run" ON "tokens" USING btree ("run");--> statement-breakpoint
CREATE INDEX "dedupe_keys_by_end" ON "dedupe_keys" USING btree ("until");--> statement-breakpoint
CREATE INDEX "events_by_time" ON "events" USING btree ("workspace_id","time");