DROP INDEX leads_queue;
DROP INDEX leads_owner_score;
DROP INDEX leads_score;
DROP TABLE rota_seats;
DROP TABLE rotas;
DROP TABLE territory_rules;
