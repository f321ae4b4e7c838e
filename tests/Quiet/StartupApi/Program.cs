namespace Quiet.StartupApi;

public static class Program
{
    public static int Main(string[] args)
    {
        if (args.Length > 1)
        {
            Console.Error.WriteLine("At most one argument.");
            Environment.Exit(64);
        }

        CreateHostBuilder(args).Build().Run();
        return Environment.ExitCode;
    }

    public static IHostBuilder CreateHostBuilder(string[] args) =>
        Host.CreateDefaultBuilder(args)
            .ConfigureWebHostDefaults(webBuilder =>
            {
                webBuilder.UseStartup<Startup>();
                webBuilder.UseGracefulShutdown();
            });
}
