using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Quartz;

namespace KeyAccountLogistics.Journal.Jobs;

/// <summary>The schedule: modules name their jobs, the server composes one scheduler from all of them.</summary>
public static class ModuleJobs
{
    /// <summary>Adds a module's jobs and triggers. Their scope runs as <see cref="Caller.System"/>. Before <see cref="AddSchedule"/>.</summary>
    public static IServiceCollection AddModuleJobs(this IServiceCollection services, Action<IQuartzBuilder> jobs) => services.AddSingleton(new JobRegistration(jobs));

    /// <summary>
    /// Starts the schedule with the host: in memory on SQLite (one process; what a stop missed is caught up from the last closed period), clustered on PostgreSQL, where every
    /// server may start a job and one does. Call it after every module has been added.
    /// </summary>
    public static IServiceCollection AddSchedule(this IServiceCollection services, Database database, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        var registrations = services.Where(d => d.ServiceType == typeof(JobRegistration)).Select(d => (JobRegistration)d.ImplementationInstance!).ToArray();
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(o =>
            {
                o.InstanceName = "kal";
                o.GenerateInstanceId = true;
            });
            if (time is not null) quartz.UseTimeProvider(time);
            quartz.ConfigureJobScope((scope, _, _) => scope.ServiceProvider.GetRequiredService<ICallerScope>().Set(Caller.System));
            if (database.Engine == Engine.Postgres) UseCluster(quartz, database);
            else quartz.UseInMemoryStore();
            foreach (var registration in registrations) registration.Jobs(quartz);
        });
        return services.AddQuartzHostedService(o => o.WaitForJobsToComplete = true);
    }

    private static void UseCluster(IQuartzBuilder quartz, Database database) => quartz.UsePersistentStore(store =>
    {
        store.UsePostgres(NpgsqlFactory.Instance, database.ConnectionString);
        store.ProvisionSchema();
        store.UseSystemTextJsonSerializer();
        store.UseClustering(c =>
        {
            c.CheckinInterval = TimeSpan.FromSeconds(5);
            c.CheckinMisfireThreshold = TimeSpan.FromSeconds(10);
        });
        store.ConfigureStore(o => o.StoreJobDataAsStrings = true);
    });
}

internal sealed record JobRegistration(Action<IQuartzBuilder> Jobs);
