CREATE TABLE "former_proofs" (
	"workspace_id" text NOT NULL,
	"shape" text NOT NULL,
	"header" text NOT NULL,
	"until" timestamp with time zone NOT NULL,
	CONSTRAINT "former_proofs_workspace_id_shape_header_pk" PRIMARY KEY("workspace_id","shape","header")
);
--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "created_by" text;