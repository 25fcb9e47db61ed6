DROP TRIGGER activities_become_blank;
DROP TRIGGER activities_end_once;
DROP TRIGGER activities_stay_here;
DROP TRIGGER activities_stay;
