ALTER TABLE "tokens" DROP COLUMN "call";--> statement-breakpoint
ALTER TABLE "tokens" DROP COLUMN "due";