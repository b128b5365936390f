CREATE TABLE "fires" (
	"workspace_id" text NOT NULL,
	"workflow" text NOT NULL,
	"key" text NOT NULL,
	"fire_at" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	"run" text,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "fires_workflow_key_fire_at_pk" PRIMARY KEY("workflow","key","fire_at")
);
--> statement-breakpoint
CREATE TABLE "pending_events" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"workflow" text NOT NULL,
	"key" text NOT NULL,
	"lot" text NOT NULL,
	"kind" text NOT NULL,
	"run" text NOT NULL,
	"items" json NOT NULL,
	"due" timestamp with time zone,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "released_paths" (
	"workspace_id" text NOT NULL,
	"kind" text NOT NULL,
	"shape" text NOT NULL,
	"workflow" text NOT NULL,
	"until" timestamp with time zone NOT NULL,
	CONSTRAINT "released_paths_workspace_id_kind_shape_pk" PRIMARY KEY("workspace_id","kind","shape")
);
--> statement-breakpoint
CREATE TABLE "trigger_sets" (
	"workspace_id" text PRIMARY KEY NOT NULL,
	"revision" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "triggers" (
	"workspace_id" text NOT NULL,
	"workflow" text NOT NULL,
	"key" text NOT NULL,
	"version" integer NOT NULL,
	"kind" text NOT NULL,
	"path" text,
	"shape" text,
	"methods" text[],
	"params" json NOT NULL,
	"next_fire" timestamp with time zone,
	CONSTRAINT "triggers_workflow_key_pk" PRIMARY KEY("workflow","key")
);
--> statement-breakpoint
CREATE TABLE "turns" (
	"workspace_id" text NOT NULL,
	"workflow" text NOT NULL,
	"lot" text NOT NULL,
	"kind" text NOT NULL,
	"run" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "turns_run_kind_pk" PRIMARY KEY("run","kind")
);
--> statement-breakpoint
CREATE TABLE "workflow_versions" (
	"workspace_id" text NOT NULL,
	"workflow" text NOT NULL,
	"version" integer NOT NULL,
	"document" json NOT NULL,
	"plan" json NOT NULL,
	"fingerprint" text NOT NULL,
	"manifest" jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"by" text,
	"note" text,
	CONSTRAINT "workflow_versions_workflow_version_pk" PRIMARY KEY("workflow","version")
);
--> statement-breakpoint
CREATE TABLE "workflows" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"document" json NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"published" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_by" text,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "pending_events_by_lot" ON "pending_events" USING btree ("workflow","lot","at");--> statement-breakpoint
CREATE INDEX "pending_events_due" ON "pending_events" USING btree ("due") WHERE due is not null;--> statement-breakpoint
CREATE INDEX "pending_events_by_run" ON "pending_events" USING btree ("run");--> statement-breakpoint
CREATE INDEX "triggers_by_shape" ON "triggers" USING btree ("workspace_id","kind","shape");--> statement-breakpoint
CREATE INDEX "triggers_due" ON "triggers" USING btree ("next_fire") WHERE next_fire is not null;--> statement-breakpoint
CREATE INDEX "turns_by_lot" ON "turns" USING btree ("workflow","kind","lot","at");--> statement-breakpoint
CREATE INDEX "workflows_by_workspace" ON "workflows" USING btree ("workspace_id","updated_at");--> statement-breakpoint
CREATE INDEX "workflows_by_name" ON "workflows" USING btree ("workspace_id","name");