namespace ShutdownAnalyzers.Deployment.Matching;

/// <summary>Images of databases, brokers, proxies and tools: they are nobody's project, whatever the files leave open.</summary>
internal static class KnownImages
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "postgres", "postgresql", "postgis", "timescaledb", "mysql", "mariadb", "azure-sql-edge", "mongo", "mongodb", "redis", "redis-stack", "valkey", "memcached", "garnet",
        "cassandra", "scylla", "couchdb", "couchbase", "clickhouse", "elasticsearch", "opensearch", "solr", "influxdb", "neo4j", "ravendb", "eventstore", "etcd", "minio", "azurite",
        "rabbitmq", "kafka", "cp-kafka", "cp-zookeeper", "zookeeper", "redpanda", "pulsar", "nats", "mosquitto", "emqx", "activemq", "artemis",
        "nginx", "haproxy", "traefik", "envoy", "caddy", "httpd", "kong", "consul", "vault", "keycloak", "dapr", "daprd", "placement",
        "prometheus", "grafana", "loki", "tempo", "jaeger", "all-in-one", "zipkin", "seq", "kibana", "logstash", "fluentd", "fluent-bit", "opentelemetry-collector", "opentelemetry-collector-contrib",
        "aspire-dashboard", "mailhog", "mailpit", "smtp4dev", "maildev", "pgadmin", "pgadmin4", "adminer", "phpmyadmin", "redis-commander", "portainer", "wiremock", "localstack",
        "busybox", "alpine", "ubuntu", "debian", "node", "python", "golang", "openjdk", "eclipse-temurin", "curl", "k6", "tor", "bitcoin", "jenkins", "sonarqube",
    };

    public static bool Has(string image) =>
        Names.Contains(ProjectIdentity.ImageName(image)) || image.Contains("mssql/server");
}
