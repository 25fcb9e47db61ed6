DROP TRIGGER activities_become_blank ON activities;
DROP TRIGGER activities_end_once ON activities;
DROP TRIGGER activities_stay ON activities;
