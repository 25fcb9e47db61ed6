DROP INDEX leads_back;
DROP TABLE duplicates;
DROP TABLE ratings;
DROP TABLE remark_people;
DROP TABLE remarks;
DROP TABLE rejection_replies;
